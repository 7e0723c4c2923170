import { ManualClock } from '#memory';
import { expect, it } from '@jest/globals';
import { Scans } from './scans.js';

it('Two questions read the history at a time; the next waits for its turn, but not for ever', async () => {
  const clock = new ManualClock();
  const scans = new Scans(clock);
  const ends: (() => void)[] = [];
  const scan = (name: string) =>
    scans.run(() => new Promise<string>((resolve) => ends.push(() => resolve(name))));
  const [one, , third, fourth] = ['one', 'two', 'three', 'four'].map(scan);
  expect(ends).toHaveLength(2);
  ends[0]?.();
  expect(await one).toBe('one');
  await new Promise(setImmediate);
  expect(ends).toHaveLength(3);
  clock.advance(60_000);
  await expect(fourth).rejects.toThrow('for too long');
  ends[2]?.();
  expect(await third).toBe('three');
});
