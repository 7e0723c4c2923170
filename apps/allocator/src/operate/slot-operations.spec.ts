import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { operationRequest, type Operation, type OperationAnswer } from '#wire';
import { aRequest, TestRegion } from '../../test/support/region.js';

let place: TestRegion;
beforeEach(async () => {
  place = new TestRegion();
  await place.startAllocator();
  await place.startAllocator();
  await place.own('1', '2', '3');
  await place.pass(50);
});
afterEach(() => place.close());

const [idle, busy] = ['eu.m.1', 'eu.m.2'];

function direct(
  direction: Operation,
  slot?: string,
  changes: { force?: boolean; reason?: string } = {},
): Promise<OperationAnswer> {
  const name = slot === undefined ? {} : { slot: slot.split('.')[2] };
  const asked = { region: 'eu', agent: 'm', direction, reason: 'an upgrade', by: 'operator' };
  const request = operationRequest.parse({ ...asked, ...name, ...changes });
  return place.kept(place.allocators[0]!.operations.direct(request));
}

/** Starts a session on the second slot. */
async function occupy(): Promise<void> {
  for (const slot of ['1', '3']) await direct('drain', `eu.m.${slot}`);
  await place.kept(place.allocators[1]!.claims.allocate(aRequest('match-1')));
  for (const slot of ['1', '3']) await direct('withdraw-drain', `eu.m.${slot}`);
  await place.pass(50);
}

const done = (slot: string) => ({ status: 'directed', slots: [{ slot, outcome: 'done' }] });
const pending = (slot: string) => ({ status: 'directed', slots: [{ slot, outcome: 'pending' }] });
const types = async (slot = busy) =>
  (await place.events(slot.split('.')[2])).map(({ type }) => type);
const end = () =>
  place.kept(
    place.allocators[0]!.deallocations.deallocate({
      region: 'eu',
      allocationId: 'match-1',
      reason: 'over',
      by: 'test',
    }),
  );

describe('a direction', () => {
  test('to drain is done at once on a free slot, and recorded once if repeated', async () => {
    expect(await direct('drain', idle)).toEqual(done(idle));
    expect(await direct('drain', idle)).toEqual(done(idle));
    expect((await place.events('1')).at(-1)).toMatchObject({
      type: 'DrainRequested',
      reason: 'an upgrade',
      by: 'operator',
    });
    expect((await types(idle)).filter((type) => type === 'DrainRequested')).toHaveLength(1);
  });

  test('that is withdrawn leaves the slot as it was', async () => {
    await direct('drain', idle);
    expect(await direct('withdraw-drain', idle)).toEqual(done(idle));
    expect(await direct('withdraw-drain', idle)).toEqual(done(idle));
    expect((await types(idle)).at(-1)).toBe('DrainWithdrawn');
  });

  test('waits while a session runs, and is done when that is over', async () => {
    await occupy();
    expect(await direct('drain', busy)).toEqual(pending(busy));
    expect(await types()).not.toContain('DeallocationRequested');
    await end();
    await place.pass(50);
    expect(await direct('drain', busy)).toEqual(done(busy));
    expect((await types()).slice(-2)).toEqual(['DeallocationRequested', 'SlotCleared']);
  });

  test('can be withdrawn while it waits', async () => {
    await occupy();
    await direct('begin-maintenance', busy);
    expect(await direct('end-maintenance', busy)).toEqual(done(busy));
    await end();
    await place.pass(50);
    expect(await direct('retire', busy)).toEqual(done(busy));
  });

  test('survives a restart of every allocator while it waits', async () => {
    await occupy();
    await direct('drain', busy);
    for (const allocator of [...place.allocators]) place.stop(allocator);
    await place.startAllocator();
    expect(await direct('drain', busy)).toEqual(pending(busy));
    expect(await direct('withdraw-drain', busy)).toEqual(done(busy));
  });

  test('with force ends the session, and records why and by whom', async () => {
    await occupy();
    await direct('drain', busy, { force: true, reason: 'fire' });
    const ended = (await place.events('2')).find(({ type }) => type === 'DeallocationRequested');
    expect(ended).toMatchObject({ reason: 'fire', by: 'operator' });
    await place.pass(50);
    expect(await direct('drain', busy)).toEqual(done(busy));
  });

  test('to retire is refused while a session runs, unless it is forced', async () => {
    await occupy();
    expect(await direct('retire', busy)).toMatchObject({
      slots: [{ outcome: 'refused', code: 'not-now', message: expect.stringContaining('force') }],
    });
    expect(await direct('retire', busy, { force: true })).toEqual(done(busy));
    expect((await types()).at(-1)).toBe('SlotRetired');
    expect(await types()).toContain('DeallocationRequested');
  });

  test('is refused if another one is pending, and the answer says which', async () => {
    await occupy();
    await direct('drain', busy);
    expect(await direct('begin-maintenance', busy)).toMatchObject({
      slots: [{ outcome: 'refused', code: 'not-now', message: expect.stringContaining('drain') }],
    });
  });

  test('to an agent reaches all of its slots, and returns the outcome for each', async () => {
    await occupy();
    expect(await direct('drain')).toEqual({
      status: 'directed',
      slots: [
        { slot: 'eu.m.1', outcome: 'done' },
        { slot: 'eu.m.2', outcome: 'pending' },
        { slot: 'eu.m.3', outcome: 'done' },
      ],
    });
    const answer = await place.kept(place.allocators[1]!.claims.allocate(aRequest('match-2')));
    expect(answer).toMatchObject({ code: 'none-available' });
  });

  test('to an unknown slot is refused', async () => {
    expect(await direct('drain', 'eu.m.9')).toMatchObject({ code: 'unknown-slot' });
  });

  test.each(['', '  '])('with force and reason %j is invalid', (reason) => {
    const wanted = { region: 'eu', agent: 'm', direction: 'drain', force: true, reason };
    expect(operationRequest.safeParse(wanted).success).toBe(false);
  });
});
