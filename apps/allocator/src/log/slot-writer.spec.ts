import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { anEvent } from '#testing';
import { slotSubject } from '#wire';
import type { Allocator } from '../allocator.js';
import { startLateAllocator } from '../../test/support/late-allocator.js';
import { aRequest, TestRegion } from '../../test/support/region.js';

const region = 'eu';

let place: TestRegion;
let one: Allocator;
beforeEach(async () => {
  place = new TestRegion();
  one = await place.startAllocator();
  await place.own('1');
  await place.pass(50);
});
afterEach(() => place.close());

const ask = (allocator: Allocator, id: string) =>
  place.kept(allocator.claims.allocate(aRequest(id)));

async function playAndEnd(allocationId: string): Promise<void> {
  await ask(one, allocationId);
  await one.deallocations.deallocate({ region, allocationId, reason: 'over', by: 'test' });
  await place.pass(50);
}

describe('An allocator that lost a race for a slot', () => {
  test('has read who won it, and does not append again', async () => {
    const { late, log } = await startLateAllocator(place, 60_000);
    await ask(one, 'match-1');
    expect(await ask(late, 'match-2')).toMatchObject({ status: 'refused' });
    expect(log.appends).toBe(1);
  });

  test('still reads the ends of sessions before the event that it lost to', async () => {
    const { late } = await startLateAllocator(place, 800);
    await playAndEnd('match-1');
    await ask(one, 'match-2');
    expect(await ask(late, 'match-3')).toMatchObject({ code: 'none-available' });
    await place.pass(2_000);
    expect(await ask(late, 'match-1')).toMatchObject({ code: 'ended' });
  });
});

describe('An allocator that does not get its own appends back', () => {
  test('takes itself to be behind', async () => {
    const { late } = await startLateAllocator(place, 60_000);
    await ask(late, 'match-1');
    await place.pass(10_000);
    expect(late.unservedBecause()).toMatch(/^its own append \d+ has not come back for \d+ ms$/);
  });
});

describe('An event that cannot have happened', () => {
  test('is set aside, and its slot is not given away', async () => {
    const subject = slotSubject({ region, agent: 'm', slot: '1' });
    const last = await place.log.last(subject);
    if (last?.kind !== 'recorded') throw new Error('it was not registered');
    const { state } = last.record;
    const record = { id: 'x', source: 'spec', event: anEvent('CallbackAcked'), state };
    await place.log.append({ subject, expected: last.sequence, record });
    await place.pass(50);
    expect(await ask(one, 'match-1')).toMatchObject({ status: 'refused' });
    expect(await place.claims()).toEqual([]);
  });
});
