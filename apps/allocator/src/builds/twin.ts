import { numberOf } from '#multiplay';
import type { Refused } from '#wire';
import { refusedAnswer } from '../claim/answers.js';

/**
 * Refuses a new name whose number, for Multiplay's clients, would be that of an existing name;
 * returns null if there is none.
 */
export function refusalOfTwin(name: string, names: readonly string[]): Refused | null {
  const number = numberOf(name);
  const twin = names.find((other) => other !== name && numberOf(other) === number);
  if (twin === undefined) return null;
  const message = `${name} and ${twin} would have the same number; take another name`;
  return refusedAnswer(undefined, 'invalid', message);
}
