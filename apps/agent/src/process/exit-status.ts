import type { ProcessExit } from '#slot';
import { constants } from 'node:os';

/** The exit of a process whose end nobody saw. */
export const UNKNOWN_EXIT: ProcessExit = { exitCode: null, signal: null };

const signalNames = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

/**
 * The exit that a shell's status stands for: above 128 it names the signal that ended the command.
 */
export function exitOfStatus(status: number): ProcessExit {
  const signal = signalNames.get(status - 128);
  return signal === undefined ? { exitCode: status, signal: null } : { exitCode: null, signal };
}
