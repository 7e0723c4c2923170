import { parseArgs } from 'node:util';
import { FACES } from './face.js';

export interface Options {
  /** Number of requests to each API. */
  readonly requests: number;
  readonly seed: number;
  readonly faces: readonly string[];
}

const NAMES = FACES.map(({ name }) => name);

export const helpText = `Usage: npm run fuzz -- [--requests N] [--seed S] [--face NAME]

Sends strange requests to a real gateway, and judges every answer: no 5xx but 503 with its reason,
every refusal with its problem body, no hang, no crash, no growth. The same seed sends the same.

  --requests N  how many to each face (10000)
  --seed S      what the draws begin with (drawn, and printed)
  --face NAME   only this one of ${NAMES.join(', ')}
  --help        this text
`;

/** @throws a `TypeError` that says what is wrong with the command line */
export function readOptions(words: readonly string[], seed: number): Options | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      requests: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(seed) },
      face: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { face } = values;
  if (face !== undefined && !NAMES.includes(face)) {
    throw new TypeError(`--face must be one of ${NAMES.join(', ')}, not "${face}"`);
  }
  return {
    requests: count('requests', values.requests),
    seed: count('seed', values.seed),
    faces: face === undefined ? NAMES : [face],
  };
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new TypeError(`--${name} must be a whole number from 1, not "${text}"`);
}
