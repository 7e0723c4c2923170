import { parseArgs, type ParseArgsConfig } from 'node:util';

/** What the command line says. */
export interface Options {
  readonly nats: string;
  readonly region: string;
  readonly mode: string;
  readonly matches: number;
  readonly play: boolean;
  readonly release: boolean;
}

/** The command line cannot be understood; its message says what is wrong. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const matchesMax = 1_000;

export const helpText = `Usage: matchmaker [--nats <url>] [--region <name>] [--mode <name>] [--matches <n>]
                  [--play] [--release]

Asks Berth for a game server, once for each match, and prints where it is.

  --nats <url>      where NATS listens (default nats://127.0.0.1:4222)
  --region <name>   region to ask in (default local)
  --mode <name>     told to the game server, in the payload (default ctf)
  --matches <n>     how many matches, one after the other (default 1)
  --play            join each match as a player, say two lines and leave; it ends by that
  --release         give each server back at the end
  --help            this text
`;

const flags = {
  nats: { type: 'string', default: 'nats://127.0.0.1:4222' },
  region: { type: 'string', default: 'local' },
  mode: { type: 'string', default: 'ctf' },
  matches: { type: 'string', default: '1' },
  play: { type: 'boolean', default: false },
  release: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

/**
 * Reads the command line.
 *
 * @throws {UsageError} for an unknown flag, an argument too many or a number that is none.
 */
export function readOptions(words: readonly string[]): Options | 'help' {
  const { help, matches, ...values } = parseFlags(words);
  return help ? 'help' : { ...values, matches: readMatches(matches) };
}

function parseFlags(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: flags }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${reason} (see --help)`, { cause });
  }
}

function readMatches(text: string): number {
  const matches = Number(text);
  if (/^\d+$/.test(text) && matches >= 1 && matches <= matchesMax) return matches;
  throw new UsageError(`--matches must be a number from 1 to ${matchesMax}, not "${text}"`);
}
