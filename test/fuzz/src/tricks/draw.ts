import type { Random } from '#kernel';

/** One of several items, each equally likely. Throws if there are none. */
export function oneOf<T>(random: Random, items: readonly T[]): T {
  if (items.length === 0) throw new RangeError('nothing to choose from');
  return items[Math.floor(random.fraction() * items.length)] as T;
}

export function isLucky(random: Random, probability: number): boolean {
  return random.fraction() < probability;
}
