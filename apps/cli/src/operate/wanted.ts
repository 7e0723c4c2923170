import type { Command } from 'commander';
import { userInfo } from 'node:os';

/** Why, and by whom, a change is asked for. */
export interface Wanted {
  readonly reason: string;
  readonly by: string;
}

/** Adds the options of every command that changes something. */
export function wanting(command: Command, reason = ''): Command {
  return command
    .option('--reason <text>', 'recorded', reason)
    .option('--by <name>', 'who asks; recorded', userInfo().username);
}
