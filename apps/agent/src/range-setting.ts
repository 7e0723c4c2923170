import { z } from 'zod';

/** A setting like `7000-7999`, both ends included. Which numbers may be ends is up to the caller. */
export function rangeOf(what: string, example: string) {
  return z
    .string()
    .meta({ title: `range of ${what}` })
    .regex(/^\d{1,10}-\d{1,10}$/, `must be a range like ${example}`)
    .transform((text) => {
      const [first = 0, last = 0] = text.split('-').map(Number);
      return { first, last };
    });
}
