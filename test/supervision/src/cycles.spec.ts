import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { holdings, play } from './cycles.js';
import { Machine } from './machine.js';

const SLOTS = 4;

describe('An agent, after forty sessions', () => {
  const machine = new Machine(SLOTS);
  beforeAll(() => machine.start(), 60_000);
  afterAll(() => machine.close(), 60_000);

  it('holds as much as before', async () => {
    // What is created once, at the first use, is not a leak.
    await play(machine, 2 * SLOTS, SLOTS);
    const { residentMiB: _, ...before } = await holdings(machine);
    await play(machine, 40, SLOTS);
    const { residentMiB: __, ...after } = await holdings(machine);
    expect(after).toEqual(before);
  }, 120_000);
});
