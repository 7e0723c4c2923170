import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from './random.js';

function draw(seed: number): (number | string)[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: 20 }, (_, index) => (index % 2 ? random.id() : random.fraction()));
}

describe('A seeded random source', () => {
  it('draws the same numbers for the same seed, and others for another', () => {
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
  });

  it('draws fractions evenly from 0 to 1, without 1', () => {
    const random = new SeededRandom(7);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let drawn = 0; drawn < 100_000; drawn += 1) {
      const tenth = Math.floor(random.fraction() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(tenths).toHaveLength(10);
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('draws ids that are UUIDs of version 4, and none twice', () => {
    const random = new SeededRandom(7);
    const ids = Array.from({ length: 10_000 }, () => random.id());
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(ids.every((id) => uuid.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
