import { ManualClock } from '#memory';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { StaleGate } from './stale-gate.js';

let clock: ManualClock;
let isOver: boolean;
let lull: StaleGate;
let gone: string[];
beforeEach(() => {
  clock = new ManualClock(0);
  isOver = false;
  lull = new StaleGate(clock, () => isOver);
  gone = [];
});

const pass = (name: string, until = 60_000) => lull.pass(until).then(() => void gone.push(name));

describe('a wait for the log', () => {
  test('releases requests in order of arrival, and later ones after them', async () => {
    const sleeping = [pass('one'), pass('two'), pass('three')];
    clock.advance(1_000);
    expect(gone).toEqual([]);
    // The next request comes before anything has checked whether the log is heard again.
    isOver = true;
    expect(lull.isOccupied).toBe(true);
    await Promise.all([...sleeping, pass('late')]);
    expect(gone).toEqual(['one', 'two', 'three', 'late']);
    expect(lull.isOccupied).toBe(false);
  });

  test('lets nobody overtake who asked whether there is room', async () => {
    const first = lull.mayWait(60_000);
    const marked = (async () => {
      if (await first) gone.push('one');
    })();
    isOver = true;
    await Promise.all([marked, pass('two')]);
    expect(gone).toEqual(['one', 'two']);
  });

  test('ends even if no further request arrives', async () => {
    const sleeping = [pass('one'), pass('two')];
    isOver = true;
    clock.advance(250);
    await Promise.all(sleeping);
    expect(gone).toEqual(['one', 'two']);
  });

  test('keeps no request beyond its time limit', async () => {
    const short = pass('short', 500);
    void pass('long');
    clock.advance(500);
    await short;
    expect(gone).toEqual(['short']);
    expect(lull.isOccupied).toBe(true);
  });
});
