import { parseArgs } from 'node:util';

export interface Options {
  readonly from: number;
  readonly seeds: number;
  /** The greatest error of any machine's clock (ms). */
  readonly skewMs: number;
  readonly isVerbose: boolean;
}

export const helpText = `Usage: npm run simulate -- [--seeds N] [--from S] [--seed X] [--skew-ms M] [--verbose]

Runs the whole of Berth in one process and its own time, once for each seed, while messages are lost
and processes killed, and holds the log against what must always be true. The first violation is
shrunk to the shortest schedule that shows it.

  --seeds N     how many runs (100)
  --from S      the first seed (1)
  --seed X      this run only
  --skew-ms M   clocks of machines are wrong by up to so much (0)
  --verbose     with all that happened before a violation
  --help        this text
`;

/** @throws a `TypeError` that says what is wrong with the command line */
export function readOptions(words: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      'skew-ms': { type: 'string', default: '0' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { seed, verbose: isVerbose } = values;
  return {
    from: count('from', seed ?? values.from),
    seeds: seed === undefined ? count('seeds', values.seeds) : 1,
    skewMs: count('skew-ms', values['skew-ms']),
    isVerbose,
  };
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new TypeError(`--${name} must be a whole number, not "${text}"`);
}
