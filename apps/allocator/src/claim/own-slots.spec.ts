import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aRequest, TestRegion } from '../../test/support/region.js';
import type { Allocator } from '../allocator.js';
import { OwnSlots } from './own-slots.js';

const region = 'eu';
const agent = 'm';
let place: TestRegion;
let allocator: Allocator;
let own: OwnSlots;

beforeEach(async () => {
  place = new TestRegion();
  allocator = await place.startAllocator();
  own = new OwnSlots(allocator.claims, allocator.deallocations);
  await place.own('1', '2');
  await place.pass(50);
});
afterEach(() => place.close());

const reserve = (slot: string, allocationId: string) =>
  place.kept(own.reserve({ allocationId, timeoutMs: 5_000 }, { region, agent, slot }));
const done = (slot: string, allocationId: string) =>
  place.kept(own.done({ allocationId, reason: 'over' }, { region, agent, slot }));

/** Allocates one of the two slots; returns the other one. */
async function allocatedElsewhere(id: string): Promise<string> {
  const answer = await place.kept(allocator.claims.allocate(aRequest(id)));
  if (answer.status !== 'allocated') throw new Error('not allocated');
  return answer.slot.endsWith('1') ? '2' : '1';
}

describe('A game, through its agent', () => {
  it('gets its own slot, and ends its own session', async () => {
    const slot = `${region}.${agent}.2`;
    expect(await reserve('2', 'own')).toMatchObject({ status: 'allocated', slot });
    expect(await done('2', 'own')).toEqual({ status: 'deallocated', allocationId: 'own', slot });
  });

  it("is not told of another slot's session, whose id it knows", async () => {
    const slot = await allocatedElsewhere('foreign');
    const answer = await reserve(slot, 'foreign');
    expect(answer).toMatchObject({ status: 'refused', code: 'unknown-allocation' });
    expect(JSON.stringify(answer)).not.toContain('token');
  });

  it("does not end another slot's session, whose id it knows", async () => {
    const slot = await allocatedElsewhere('foreign');
    const refused = { status: 'refused', code: 'unknown-allocation' };
    expect(await done(slot, 'foreign')).toMatchObject(refused);
    const again = await place.kept(allocator.claims.allocate(aRequest('foreign')));
    expect(again.status).toBe('allocated');
  });
});
