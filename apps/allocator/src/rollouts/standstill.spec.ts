import { describe, expect, it } from '@jest/globals';
import { Standstill, type Progress } from './standstill.js';

const begun: Progress = {
  ...{ buildConfiguration: 'winter', version: 1 },
  ...{ done: 0, changing: 1, waiting: 3 },
};

describe('The standstill of a rollout', () => {
  it('lasts since a slot has changed to it', () => {
    const standstill = new Standstill();
    standstill.see('harbour', begun, 1_000);
    standstill.see('harbour', { ...begun, done: 1, waiting: 2 }, 2_000);
    standstill.see('harbour', { ...begun, done: 1, waiting: 2 }, 3_000);
    // A session begins: one slot less changes, and none has changed.
    standstill.see('harbour', { ...begun, done: 1, changing: 0, waiting: 3 }, 4_000);
    expect(standstill.of('harbour', 5_000)).toBe(3_000);
  });

  it('begins anew with another version', () => {
    const standstill = new Standstill();
    standstill.see('harbour', begun, 1_000);
    standstill.see('harbour', { ...begun, version: 2 }, 4_000);
    expect(standstill.of('harbour', 5_000)).toBe(1_000);
  });

  it('is over when nothing is left, or nothing is wanted', () => {
    const standstill = new Standstill();
    standstill.see('harbour', begun, 1_000);
    standstill.see('pier', begun, 1_000);
    standstill.see('harbour', { ...begun, done: 4, changing: 0, waiting: 0 }, 2_000);
    standstill.see('pier', null, 2_000);
    expect([standstill.of('harbour', 9_000), standstill.of('pier', 9_000)]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
