import type { Command } from 'commander';

/** A command and the words that name it; `berth` itself has none. */
export interface NamedCommand {
  readonly command: Command;
  readonly words: readonly string[];
}

/** A command and all its subcommands. */
export function everyCommand(
  command: Command,
  words: readonly string[] = [],
): readonly NamedCommand[] {
  const below = command.commands.flatMap((one) => everyCommand(one, [...words, one.name()]));
  return [{ command, words }, ...below];
}
