import type { Chance } from '#kernel';
import { SeededChance } from '#memory';

/** A source of chance of its own for each part, so that none disturbs what another draws. */
export function chanceOf(seed: number, ...words: readonly (string | number)[]): SeededChance {
  let hash = 2_166_136_261;
  for (const character of [seed, ...words].join(' ')) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  }
  return new SeededChance(hash);
}

/** A whole number from `from` to `to`, both included. */
export function whole(chance: Chance, from: number, to: number): number {
  return from + Math.floor(chance.fraction() * (to - from + 1));
}

export function oneOf<T>(chance: Chance, items: readonly [T, ...T[]]): T {
  return items[whole(chance, 0, items.length - 1)] ?? items[0];
}
