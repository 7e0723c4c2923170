import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { holdings, play } from './cycles.js';
import { Machine } from './machine.js';

const SLOTS = 4;

describe('An agent, after forty sessions', () => {
  const machine = new Machine(SLOTS);
  beforeAll(() => machine.start(), 60_000);
  afterAll(() => machine.close(), 60_000);

  it('holds no more than it held before', async () => {
    // What is made once, at the first use, is not left over.
    await play(machine, 2 * SLOTS, SLOTS);
    const { residentMiB: _, ...before } = await holdings(machine);
    await play(machine, 40, SLOTS);
    const { residentMiB: __, ...after } = await holdings(machine);
    // What was closed meanwhile is not left over either.
    const most = new Map(Object.entries(before));
    const more = Object.entries(after).filter(([what, count]) => count > (most.get(what) ?? 0));
    expect({ more, before }).toEqual({ more: [], before });
  }, 120_000);
});
