import { describe, expect, it } from '@jest/globals';
import { MemoryBus, ManualClock } from '#memory';
import { slot } from '#slot';
import { given, past } from '#testing';
import { Reconciler } from './reconciler.js';

class Followed extends Reconciler {
  get place(): number {
    return this.sequence;
  }

  protected approach(): void {
    return undefined;
  }
}

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('a reconciler', () => {
  it('ignores events older than the last one, until it starts over', async () => {
    const clock = new ManualClock(0);
    const ref = { region: 'eu', agent: 'm', slot: '1' };
    const followed = new Followed(ref, log, { bus: new MemoryBus(clock), clock });
    followed.follow(slot.initial, 10);
    followed.follow(slot.initial, 5);
    expect(followed.place).toBe(10);
    const { state } = given(slot, ...past.warm);
    followed.follow(state, 20);
    followed.startOver();
    expect(followed.logged).toEqual(slot.initial);
    followed.follow(slot.initial, 5);
    expect(followed.place).toBe(5);
    await followed.close();
  });
});
