import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { MemoryBus, ManualClock } from '#memory';
import { slot } from '#slot';
import { given, past } from '#testing';
import { Reconciler } from './reconciler.js';

class Followed extends Reconciler {
  get place(): number {
    return this.sequence;
  }

  trouble: Error | undefined;

  protected approach(): void {
    if (this.trouble !== undefined) throw this.trouble;
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

  it('that fails each second logs that once, and once that it goes on', async () => {
    const lines: string[] = [];
    const write = (_: object, text: string) => void lines.push(text);
    const clock = new ManualClock(0);
    const ref = { region: 'eu', agent: 'm', slot: '1' };
    const writing = { info: write, warn: write, error: write };
    const failing = new Followed(ref, writing, { bus: new MemoryBus(clock), clock });
    failing.trouble = new Error('the disk is full');
    failing.reconcile();
    for (let second = 0; second < 35; second += 1) {
      await turn();
      clock.advance(1_000);
    }
    expect(lines).toEqual(['could not reconcile the slot: retrying']);
    failing.trouble = undefined;
    clock.advance(1_000);
    await turn();
    expect(lines.slice(1)).toEqual(['the slot is reconciled again']);
    await failing.close();
  });
});
