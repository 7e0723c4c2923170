import type { Choice } from '#http-api';
import { tellAsked, tellGrounds } from '../story/tell-allocation.js';

const VERDICTS: Readonly<Record<Choice['verdict'], string>> = {
  same: 'the same',
  explained: 'different, and that is explained',
  different: 'DIFFERENT, and nothing explains it',
  unknown: 'it cannot be compared',
};

/** Why a slot was chosen, as pairs of a word and what is said, for people. */
export function tellChoice(choice: Choice): readonly (readonly [string, string])[] {
  const { attempt, slot, at, allocator, askedBy, asked, sequence } = choice;
  const { recorded, recomputed, verdict, reasons, behind } = choice;
  const isTold = recorded?.readTo !== undefined;
  return [
    [`attempt ${attempt}`, `slot ${slot}, at ${new Date(at).toISOString()}, sequence ${sequence}`],
    ['asked', `by ${askedBy}, for ${tellAsked(asked)}`],
    ['recorded', recorded === null ? '' : `${tellGrounds(recorded)}, by ${allocator}`],
    ['recomputed', recomputed === null ? 'no slot was free' : tellGrounds(recomputed)],
    ['these are', VERDICTS[verdict]],
    ...reasons.map((reason): [string, string] => ['', reason]),
    [
      'behind',
      behind === null
        ? ''
        : `${isTold ? '' : 'up to '}${behind.events} events, ${Math.round(behind.ms)} ms, of the log`,
    ],
  ];
}
