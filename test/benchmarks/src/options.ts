import { parseArgs } from 'node:util';

/** How requests are sent. */
export interface Load {
  /**
   * A constant number of requests in flight, or a constant number per second whether or not earlier
   * ones are answered.
   */
  readonly kind: 'in flight' | 'a second';
  readonly amount: number;
  /**
   * Number of allocations before the measurement: connections, pools and compiled code get warm.
   */
  readonly warmUp: number;
  /** Number of allocations that are measured. */
  readonly count: number;
}

/** What is measured, and how often. */
export interface Plan {
  /** Each target is measured once per round and load; the targets take turns. */
  readonly rounds: number;
  readonly loads: readonly Load[];
  /** Whether acknowledged messages must be on the disk, as in production. */
  readonly syncAlways: boolean;
  /** The file for the results as JSON. */
  readonly json: string | undefined;
  /** Names of the targets to measure; empty: all. */
  readonly targets: readonly string[];
}

// Many short rounds, so that a disturbance of the machine spoils only few of them.
const full = {
  rounds: 7,
  loads: [
    { kind: 'in flight', amount: 1, warmUp: 300, count: 1_000 },
    { kind: 'in flight', amount: 64, warmUp: 2_000, count: 4_000 },
    { kind: 'in flight', amount: 100, warmUp: 2_000, count: 4_000 },
    { kind: 'a second', amount: 100, warmUp: 100, count: 300 },
    { kind: 'a second', amount: 300, warmUp: 300, count: 900 },
  ],
} as const;
const quick = {
  rounds: 2,
  loads: [
    { kind: 'in flight', amount: 1, warmUp: 60, count: 120 },
    { kind: 'in flight', amount: 64, warmUp: 400, count: 800 },
    { kind: 'a second', amount: 200, warmUp: 40, count: 120 },
  ],
} as const;

export const helpText = `Usage: npm run bench -- [--quick] [--no-sync] [--rounds N] [--json FILE] [--targets NAMES]

Measures how fast slots are allocated, on one nats-server with file storage, beside the bare flow:
the same steps in three processes of a few lines, without a framework. Everything runs on this
machine, and the targets take turns, so the ratio says more than the numbers.

  --quick    two short rounds instead of seven long ones
  --rounds   so many rounds: more of them show a smaller difference
  --no-sync  what is acknowledged need not be on the disk yet
  --json     write the results there, too
  --targets  only these, separated by commas; the first is what the others are compared with.
             "berth x2" and "berth x4", with several allocators, are measured only if named
  --help     this text
`;

/** @throws an error that says what is wrong with the command line */
export function readPlan(words: readonly string[]): Plan | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      'no-sync': { type: 'boolean', default: false },
      json: { type: 'string' },
      targets: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { json, targets } = values;
  const plan = values.quick ? quick : full;
  return {
    ...plan,
    rounds: values.rounds === undefined ? plan.rounds : roundsOf(values.rounds),
    syncAlways: !values['no-sync'],
    json,
    targets: targets.split(',').filter((name) => name !== ''),
  };
}

function roundsOf(word: string): number {
  const rounds = Number(word);
  if (Number.isInteger(rounds) && rounds > 0) return rounds;
  throw new TypeError(`--rounds takes a whole number above 0, not ${word}`);
}
