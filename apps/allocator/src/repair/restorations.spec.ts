import { serve } from '#rpc';
import { aProcess, aReport, anAllocation, anEvent, anOffer } from '#testing';
import { endpoints, slotSubject } from '#wire';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Allocator } from '../allocator.js';
import { aRequest, TestRegion } from '../../test/support/region.js';

const AT = { region: 'eu', agent: 'm' };
const lost = { fence: 4, allocation: anAllocation({ id: 'lost-1', token: 'kept' }) };
const ignore = () => undefined;
const quiet = { info: ignore, warn: ignore, error: ignore };

let place: TestRegion;
afterEach(() => place.close());

function regionOf(...slots: readonly string[]): Promise<Allocator> {
  return regionWith(undefined, slots);
}

async function regionWith(windowMs: number | undefined, slots: readonly string[]) {
  place = new TestRegion({ rollCallMs: 3_000 }, windowMs);
  const allocator = await place.startAllocator();
  await place.own(...slots);
  await place.pass(50);
  return allocator;
}

async function sequenceOf(slot: string): Promise<number> {
  return (await place.log.last(slotSubject({ ...AT, slot })))?.sequence ?? 0;
}

const typesOn = async (slot: string) => (await place.events(slot)).map(({ type }) => type);

describe('A session that the log lost', () => {
  it('is recorded again by its report, and its requester is told of the same server', async () => {
    const allocator = await regionOf('1', '2');
    await place.report('1', await sequenceOf('1'), { unlogged: lost });
    const answer = await place.kept(allocator.claims.allocate(aRequest('lost-1')));
    expect(answer).toMatchObject({ status: 'allocated', slot: 'eu.m.1', token: 'kept' });
    expect(await typesOn('2')).not.toContain('AllocationRequested');
  });

  it('is stored under the key of a claim for its id, so that none can be stored beside it', async () => {
    await regionOf('1', '2');
    await place.report('1', await sequenceOf('1'), { unlogged: lost });
    const event = anEvent('AllocationRequested', { allocationId: 'lost-1' });
    const item = await place.log.last(slotSubject({ ...AT, slot: '2' }));
    if (item?.kind !== 'recorded') throw new Error('the slot is not registered');
    const verdict = await place.log.append({
      subject: item.subject,
      expected: item.sequence,
      record: { ...item.record, id: 'another', event },
      deduplicationId: 'lost-1',
    });
    expect(verdict.kind).toBe('duplicate');
  });

  it('is not recorded where the agent went by an earlier event: it may be over', async () => {
    await regionOf('1');
    await place.report('1', (await sequenceOf('1')) - 1, { unlogged: lost });
    expect(await typesOn('1')).not.toContain('SessionRestored');
  });

  // Within the duplicate window the log itself refuses to store the session again.
  it.each([
    ['within the duplicate window', undefined],
    ['after it', 1_000],
  ])('is not recorded where its id has another server, or is spent, %s', async (_, windowMs) => {
    const allocator = await regionWith(windowMs, ['1', '2']);
    const served = await place.kept(allocator.claims.allocate(aRequest('lost-1')));
    const slot = served.status === 'allocated' && served.slot === 'eu.m.1' ? '2' : '1';
    await place.pass(2_000);
    await place.report(slot, await sequenceOf(slot), { unlogged: lost });
    expect(await typesOn(slot)).not.toContain('SessionRestored');
    const end = { allocationId: 'lost-1', region: 'eu', reason: 'over', by: 'test' };
    await allocator.deallocations.deallocate(end);
    await place.pass(2_000);
    await place.report(slot, await sequenceOf(slot), { unlogged: lost });
    expect(await typesOn(slot)).not.toContain('SessionRestored');
  });
});

describe('An allocator that starts', () => {
  it('asks agents what the log lost before it serves anybody', async () => {
    await regionOf('1', '2');
    const report = aReport({ offer: anOffer(), process: aProcess(), unlogged: lost });
    const seen = await sequenceOf('1');
    const slots = [{ slot: '1', seen, report }];
    let asked = 0;
    serve(
      place.bus,
      endpoints.unlogged,
      AT,
      () => {
        asked += 1;
        return { status: 'told' as const, slots: asked === 1 ? slots : [] };
      },
      { clock: place.clock, logger: quiet },
    );
    const second = await place.startAllocator();
    expect(second.pool.allocations.holderOf('lost-1')?.subject).toContain('m.1');
    expect(asked).toBe(2);
  });

  it('waits 3 s for agents that do not answer, and no longer', async () => {
    await regionOf('1');
    let isServing = false;
    void place.startAllocator().then(() => (isServing = true));
    await place.pass(500);
    expect(isServing).toBe(false);
    await place.pass(3_000);
    expect(isServing).toBe(true);
  });
});
