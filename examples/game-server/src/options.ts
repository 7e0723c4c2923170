import { parseArgs, type ParseArgsConfig } from 'node:util';

/** What the command line and the environment say. Port 0 means any free one. */
export interface Options {
  readonly host: string;
  readonly port: number;
  readonly callbackPort: number;
  /** Missing: queries are not answered. */
  readonly queryPort?: number;
  /** What a callback must present. Empty: every callback is turned away. */
  readonly token: string;
  /** Whether to hear of allocations from Berth's SDK daemon, besides callbacks. */
  readonly sdk?: boolean;
}

/** The command line cannot be understood; its message says what is wrong. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const helpText = `Usage: game-server [--port <n>] [--callback-port <n>] [--query-port <n>] [--host <address>] [--sdk]

A little game: what one player writes, all players read.

  --port <n>            TCP port for players, 0 for any (default 7777)
  --callback-port <n>   HTTP port for allocation callbacks, 0 for any (default 7778)
  --query-port <n>      UDP port that says who plays, in SQP and A2S, 0 for any (default: none)
  --host <address>      address of all (default 127.0.0.1)
  --sdk                 hear of allocations from Berth's SDK daemon too, and tell it of players
  --help                this text

Environment:
  BERTH_TOKEN           the token that POST /allocate must carry; without it all are turned away
  BERTH_SDK_URL, BERTH_SERVER_ID
                        with --sdk: the daemon, and who this is; Berth sets them

Players (for example nc 127.0.0.1 7777) write lines. Three have a meaning:
  quit    leave; when the last player leaves an allocated session, the session is over (exit 0)
  end     end the session for everybody (exit 0)
  crash   end the process with exit code 1, to try what happens then

Callbacks (POST /allocate, the body is the payload, any JSON). For trying out, a payload with
  "refuse": true   is answered 409
  "hang": true     is never answered
GET /health says how many play and whether a session is allocated.
`;

const flags = {
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '7777' },
  'callback-port': { type: 'string', default: '7778' },
  'query-port': { type: 'string' },
  sdk: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

/**
 * Reads the command line.
 *
 * @throws {UsageError} for an unknown flag, an argument too many or a port that is none.
 */
export function readOptions(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Options | 'help' {
  const values = parseFlags(words);
  if (values.help) return 'help';
  const queryPort = values['query-port'];
  return {
    host: values.host,
    port: readPort('--port', values.port),
    callbackPort: readPort('--callback-port', values['callback-port']),
    ...(queryPort !== undefined && { queryPort: readPort('--query-port', queryPort) }),
    token: environment['BERTH_TOKEN'] ?? '',
    sdk: values.sdk,
  };
}

function parseFlags(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: flags }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${reason} (see --help)`, { cause });
  }
}

function readPort(flag: string, text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`${flag} must be a number from 0 to 65535, not "${text}" (see --help)`);
}
