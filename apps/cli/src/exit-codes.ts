import { CredentialsRefused, LoginInvalid } from '#jetstream';
import { NotPermitted, TransientError } from '#kernel';
import { CommanderError } from 'commander';
import { ApiFailure, NoServer } from './operate/api.js';

/** The command line is invalid; `message` says what would be valid. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/** It was ended by Ctrl-C before it was done; `message` says what is left of it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Exit codes, by which scripts tell the outcomes of `berth` apart. */
const EXIT = {
  /** Anything else went wrong. */
  failed: 1,
  usage: 2,
  /** Berth or NATS was reached and refused. */
  refused: 3,
  /** No server answers at the address, or the server is not Berth's. */
  noServer: 4,
  /** As shells say of a program that Ctrl-C has ended. */
  interrupted: 130,
} as const;

export const EXIT_HELP = `
Exit codes: 0 done, ${EXIT.usage} invalid command line, ${EXIT.refused} refused
by Berth, ${EXIT.noServer} no answer from Berth, ${EXIT.failed} any other
failure.`;

export function exitCodeOf(error: unknown): number {
  // Commander throws only for wrong usage, and for help that was asked for (exit code 0).
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof WrongUsage || error instanceof LoginInvalid) return EXIT.usage;
  if (error instanceof NoServer) return EXIT.noServer;
  if (error instanceof Interrupted) return EXIT.interrupted;
  const isRefused = [ApiFailure, CredentialsRefused, NotPermitted].some(
    (kind) => error instanceof kind,
  );
  if (isRefused) return EXIT.refused;
  return error instanceof TransientError ? EXIT.noServer : EXIT.failed;
}
