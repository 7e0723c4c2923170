import type { Command } from 'commander';

/** A command and the words that lead to it: none for `berth` itself. */
export interface NamedCommand {
  readonly command: Command;
  readonly words: readonly string[];
}

/** A command, and all below it. */
export function everyCommand(
  command: Command,
  words: readonly string[] = [],
): readonly NamedCommand[] {
  const below = command.commands.flatMap((one) => everyCommand(one, [...words, one.name()]));
  return [{ command, words }, ...below];
}
