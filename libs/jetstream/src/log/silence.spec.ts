import { ManualClock } from '#memory';
import { describe, expect, it } from '@jest/globals';
import { SILENCE_MS } from '../connection/retry.js';
import { Silence } from './silence.js';

function watched() {
  const clock = new ManualClock();
  const told: number[] = [];
  const silence = new Silence(clock, () => told.push(clock.now()));
  return { clock, told, silence, from: clock.now() };
}

describe('A silence', () => {
  it('is told when nothing was heard for its whole length', () => {
    const { clock, told, silence, from } = watched();
    clock.advance(SILENCE_MS - 1);
    silence.heard();
    clock.advance(SILENCE_MS - 1);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual([from + 2 * SILENCE_MS - 1]);
    clock.advance(10 * SILENCE_MS);
    expect(told).toHaveLength(1);
  });

  it('is not told once nobody waits any more', () => {
    const { clock, told, silence } = watched();
    clock.advance(SILENCE_MS / 2);
    silence.heard();
    clock.advance(SILENCE_MS - 1);
    silence.stop();
    clock.advance(10 * SILENCE_MS);
    expect(told).toEqual([]);
  });
});
