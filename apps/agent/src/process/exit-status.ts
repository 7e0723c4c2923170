import type { ProcessExit } from '#slot';
import { constants } from 'node:os';

/** Nobody saw how it ended. */
export const UNKNOWN_EXIT: ProcessExit = { exitCode: null, signal: null };

const signalNames = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

/** A shell's status: beyond 128 it names the signal that ended the command. */
export function exitOfStatus(status: number): ProcessExit {
  const signal = signalNames.get(status - 128);
  return signal === undefined ? { exitCode: status, signal: null } : { exitCode: null, signal };
}
