import type { Random } from '#kernel';
import { SeededRandom } from '#memory';

/**
 * A separate source of random numbers for each part, so that no part changes what another draws.
 */
export function chanceOf(seed: number, ...words: readonly (string | number)[]): SeededRandom {
  let hash = 2_166_136_261;
  for (const character of [seed, ...words].join(' ')) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  }
  return new SeededRandom(hash);
}

/** A whole number from `from` to `to`, both included. */
export function whole(random: Random, from: number, to: number): number {
  return from + Math.floor(random.fraction() * (to - from + 1));
}

export function oneOf<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[whole(random, 0, items.length - 1)] ?? items[0];
}
