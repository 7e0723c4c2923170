import type { Fleet } from '../types.js';
import { sentenceOf } from '../words.js';
import { Instant } from './instant.js';

/** When a setting was changed last, how, by whom and why. */
export function Changed({ change }: { readonly change: NonNullable<Fleet['lastChange']> }) {
  const { at, by, event, reason } = change;
  return (
    <>
      <Instant at={at} /> {sentenceOf(event)} by {by}
      {reason && `: ${reason}`}
    </>
  );
}
