import type { Command } from 'commander';
import { program } from '../../src/program.js';

/** What a command's action received. */
export interface Received {
  /** Such as `fleet size`. */
  readonly command: string;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Parses words as `berth` does and returns what the command's action receives. Throws as `berth`
 * does.
 */
export async function receivedBy(words: readonly string[]): Promise<Received> {
  const all = program(() => undefined);
  const received: Received[] = [];
  for (const command of everyCommand(all)) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    if (!isRunnable(command)) continue;
    command.action(() => {
      const name = nameOf(command);
      // Only this command's action reads its parent's options too.
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

/** Whether the command does something itself, and does not only group others. */
export function isRunnable(command: Command): boolean {
  return command.commands.length === 0 || command.registeredArguments.length > 0;
}

/** The command's name without `berth`. */
export function nameOf(command: Command): string {
  const { parent } = command;
  if (parent === null) return '';
  return `${nameOf(parent)} ${command.name()}`.trim();
}

/** The text that `--help` prints. */
export function helpOf(command: Command): string {
  const printed: string[] = [];
  command.configureOutput({ writeOut: (text) => printed.push(text) }).outputHelp();
  return printed.join('');
}
