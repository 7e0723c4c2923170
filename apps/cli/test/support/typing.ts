import type { Command } from 'commander';
import { program } from '../../src/program.js';

/** What a command's action was given. */
export interface Received {
  /** `fleet size` */
  readonly command: string;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Types words at `berth`, and gives what arrives where the work would be done. Throws as it does. */
export async function receivedBy(words: readonly string[]): Promise<Received> {
  const all = program(() => undefined);
  const received: Received[] = [];
  for (const command of everyCommand(all)) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    if (!isRunnable(command)) continue;
    command.action(() => {
      const name = nameOf(command);
      // The one command whose action asks for its parent's options, too.
      const options = name === 'agent check' ? command.optsWithGlobals() : command.opts();
      received.push({ command: name, args: command.processedArgs, options });
    });
  }
  await all.parseAsync(words, { from: 'user' });
  const [only] = received;
  if (only === undefined) throw new Error(`nothing was run by: ${words.join(' ')}`);
  return only;
}

export function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** Whether it does something itself, and is more than a name for others. */
export function isRunnable(command: Command): boolean {
  return command.commands.length === 0 || command.registeredArguments.length > 0;
}

/** Without `berth`. */
export function nameOf(command: Command): string {
  const { parent } = command;
  if (parent === null) return '';
  return `${nameOf(parent)} ${command.name()}`.trim();
}

/** All that `--help` prints. */
export function helpOf(command: Command): string {
  const printed: string[] = [];
  command.configureOutput({ writeOut: (text) => printed.push(text) }).outputHelp();
  return printed.join('');
}
