import { parseArgs } from 'node:util';

/** How much is measured. Durations in milliseconds. */
export interface Plan {
  /** Each target is measured once per round and concurrency, the targets taking turns. */
  readonly rounds: number;
  /** Requests in flight: one alone shows latency, many show throughput. */
  readonly concurrencies: readonly number[];
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** Whether nats-server syncs to disk before it acknowledges, as in production. */
  readonly syncAlways: boolean;
}

// Many short rounds, since whatever disturbs the machine then spoils few of them.
const full: Plan = {
  rounds: 9,
  concurrencies: [1, 64],
  warmUpMs: 1_000,
  durationMs: 3_000,
  syncAlways: true,
};
const quick: Plan = {
  rounds: 5,
  concurrencies: [1, 64],
  warmUpMs: 800,
  durationMs: 1_200,
  syncAlways: true,
};

export const helpText = `Usage: npm run bench -- [--quick] [--no-sync]

Measures how fast slots are allocated, on one nats-server with file storage, beside the bare flow:
the same steps in three processes of a few lines, without a framework. Everything runs on this
machine, and the targets take turns, so the ratio says more than the numbers.

  --quick   five rounds of about a second instead of nine of three: under a minute
  --no-sync nats-server syncs every two minutes, not before each acknowledgement
  --help    this text
`;

/** @throws a `TypeError` that says what is wrong with the command line. */
export function readPlan(words: readonly string[]): Plan | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: 'boolean', default: false },
      'no-sync': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return { ...(values.quick ? quick : full), syncAlways: !values['no-sync'] };
}
