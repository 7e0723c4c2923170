import { CommanderError } from 'commander';
import { ApiFailure, NoServer } from './operate/api.js';

/** What was typed makes no sense; `message` says how it would. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/** What scripts can tell apart by how `berth` ended. */
const EXIT = {
  /** Anything else: something is wrong, or could not be done. */
  failed: 1,
  usage: 2,
  /** Berth was reached, and said no. */
  refused: 3,
  /** Nobody answers where Berth is looked for, or what answers is not Berth. */
  noServer: 4,
} as const;

export const EXIT_HELP = `
Ends with 0 where it is done, ${EXIT.usage} where what was typed makes no sense, ${EXIT.refused} where Berth says no,
${EXIT.noServer} where nobody answers, and ${EXIT.failed} where something else is wrong.`;

export function exitCodeOf(error: unknown): number {
  // Commander has no other errors than wrong usage, and help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof WrongUsage) return EXIT.usage;
  if (error instanceof NoServer) return EXIT.noServer;
  return error instanceof ApiFailure ? EXIT.refused : EXIT.failed;
}
