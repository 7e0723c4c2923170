import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { slot } from '#slot';
import { aProcess, aReport, aSession, anEvent, anOffer } from '#testing';
import { slotSubject } from '#wire';
import type { Allocator } from '../allocator.js';
import { startLateAllocator } from '../../test/support/late-allocator.js';
import { aRequest, TestRegion } from '../../test/support/region.js';

const region = 'eu';
const DUPLICATE_WINDOW_MS = 1_000;
const LATE_MS = 60_000;
const subject = slotSubject({ region, agent: 'm', slot: '1' });

let place: TestRegion;
let one: Allocator;
beforeEach(async () => {
  place = new TestRegion({}, DUPLICATE_WINDOW_MS);
  one = await place.startAllocator();
  await place.own('1');
  await place.pass(50);
});
afterEach(() => place.close());

const ask = (allocator: Allocator, id: string) =>
  place.kept(allocator.claims.allocate(aRequest(id)));

function drain(allocator: Allocator) {
  const what = { region, agent: 'm', slot: '1', direction: 'drain' as const };
  const request = { ...what, reason: 'an upgrade', by: 'ann', force: false };
  return place.kept(allocator.operations.direct(request));
}

async function playAndEnd(allocationId: string): Promise<void> {
  await ask(one, allocationId);
  await one.deallocations.deallocate({ region, allocationId, reason: 'over', by: 'test' });
  await place.pass(50);
}

describe('An allocator that lost a race for a slot', () => {
  test('has read who won it, and decides by that', async () => {
    const { late, log } = await startLateAllocator(place, LATE_MS);
    await ask(one, 'match-1');
    expect(await drain(late)).toMatchObject({ slots: [{ outcome: 'pending' }] });
    expect(log.appends).toBe(2);
  });

  test('still reads the ends of sessions before the event that it lost to', async () => {
    const { late } = await startLateAllocator(place, LATE_MS);
    await playAndEnd('match-1');
    await playAndEnd('match-2');
    await ask(one, 'match-3');
    expect(await ask(late, 'match-4')).toMatchObject({ status: 'refused' });
    await place.pass(LATE_MS);
    expect(await ask(late, 'match-1')).toMatchObject({ code: 'ended' });
  });
});

describe('A report of something that its allocator has not read', () => {
  test('is judged once it has', async () => {
    place.answers = { '1': null };
    const { late } = await startLateAllocator(place, 800);
    void one.claims.allocate(aRequest('match-1'));
    await place.pass(20);
    const seen = await place.log.end();
    const answered = { seen, report: aReport({ process: aProcess(), session: aSession() }) };
    await place.kept(late.reports.record({ region, agent: 'm', slot: '1' }, answered));
    expect((await place.events('1')).at(-1)).toMatchObject({ type: 'CallbackAcked' });
  });
});

describe('An allocator that does not get its own appends back', () => {
  test('takes itself to be behind', async () => {
    const { late } = await startLateAllocator(place, LATE_MS);
    await ask(late, 'match-1');
    await place.pass(10_000);
    expect(late.unservedBecause()).toMatch(/^its own append \d+ has not come back for \d+ ms$/);
  });
});

describe('A slot that the log has forgotten', () => {
  test('is forgotten by whoever appends to it, and appended to no more', async () => {
    const { late, log } = await startLateAllocator(place, LATE_MS);
    await place.log.forget(subject, await place.log.end());
    await drain(late);
    expect(log.appends).toBe(1);
    expect(await place.events()).toEqual([]);
  });
});

describe('An event that cannot have happened', () => {
  test('is set aside, and its slot is not given away', async () => {
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

describe('An event that follows one with a later date', () => {
  test('has the same date, so that time in a history never goes back', async () => {
    const last = await place.log.last(subject);
    if (last?.kind !== 'recorded') throw new Error('it was not registered');
    const at = place.clock.now() + 5_000;
    const report = aReport({ offer: anOffer({ priority: 7 }) });
    const decision = slot.decide(last.record.state, { type: 'ApplyReport', at, report });
    if (decision.kind === 'refused') throw new Error(decision.refusal.message);
    for (const step of decision.steps) {
      const record = { id: 'x', source: 'an allocator whose clock is ahead', ...step };
      await place.log.append({ subject, expected: last.sequence, record });
    }
    await place.pass(50);
    await drain(one);
    const told = await place.events('1');
    expect(told.slice(-2)).toMatchObject([
      { type: 'SlotRegistered', at },
      { type: 'DrainRequested', at },
    ]);
  });
});
