import type { Chance } from '#kernel';

/** One of several, each as likely. Throws where there is none. */
export function oneOf<T>(chance: Chance, items: readonly T[]): T {
  if (items.length === 0) throw new RangeError('nothing to choose from');
  return items[Math.floor(chance.fraction() * items.length)] as T;
}

export function isLucky(chance: Chance, probability: number): boolean {
  return chance.fraction() < probability;
}
