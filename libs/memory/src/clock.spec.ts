import { describe, expect, it } from '@jest/globals';
import { ManualClock } from './clock.js';

describe('A manual clock', () => {
  it('stands still by itself', () => {
    const clock = new ManualClock(1_000);
    clock.after(0, () => expect(true).toBe(false));
    expect(clock.now()).toBe(1_000);
  });

  it('runs callbacks in order of their time, then of their scheduling, each at its instant', () => {
    const clock = new ManualClock(0);
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name} at ${clock.now()}`);
    clock.after(20, note('late'));
    clock.after(10, note('first'));
    clock.after(10, () => {
      note('second')();
      clock.after(5, note('in turn'));
    });
    clock.after(31, note('not yet'));
    clock.advance(30);
    expect(ran).toEqual(['first at 10', 'second at 10', 'in turn at 15', 'late at 20']);
    expect(clock.now()).toBe(30);
    expect(clock.nextAt).toBe(31);
  });

  it('does not run cancelled callbacks', () => {
    const clock = new ManualClock(0);
    const ran: string[] = [];
    const cancel = clock.after(10, () => ran.push('cancelled'));
    clock.after(5, () => cancel());
    clock.advance(20);
    expect(ran).toEqual([]);
    expect(clock.nextAt).toBeUndefined();
  });

  it('repeats a callback at an interval', () => {
    const clock = new ManualClock(0);
    const ran: number[] = [];
    const cancel = clock.every(10, () => ran.push(clock.now()));
    clock.advance(35);
    cancel();
    clock.advance(100);
    expect(ran).toEqual([10, 20, 30]);
  });
});
