import type { MachinePolicy } from '#machine';
import { statusOf } from '#slot';
import { anOffer } from '#testing';
import { endpoints, slotSubject, type MachineView } from '#wire';
import { afterEach, describe, expect, test } from '@jest/globals';
import { aRequest, TestRegion } from '../../test/support/region.js';
import { beyondPolicy } from './beyond-policy.js';

const CHECKED_MS = 6_000;
const FREE: MachinePolicy = {
  ...{ fleets: null, addresses: null, slotsMax: null },
  ...{ priorityMin: null, projects: null },
};

let place: TestRegion;
afterEach(() => place.close());

async function start(policyRequired = false): Promise<void> {
  place = new TestRegion({ policyRequired });
  await place.startAllocator();
  await place.startAllocator();
}

/** The policy of the agent's machine, `m`. */
async function limit(policy: Partial<MachinePolicy> | null): Promise<void> {
  const wanted = { region: 'eu', machine: 'm', reason: 'rented by the hour', by: 'ann' };
  const request = { ...wanted, policy: policy && { ...FREE, ...policy } };
  const set = place.allocators[0]!.machines.set(endpoints.policy.request.parse(request));
  expect(await place.kept(set)).toMatchObject({ status: 'set' });
  await place.pass(50);
}

const stateOf = (slot: string) =>
  place.allocators[1]!.pool.slots.get(slotSubject({ region: 'eu', agent: 'm', slot }))?.state;
const statusNow = (slot: string) => {
  const state = stateOf(slot);
  return state === undefined ? 'unknown' : statusOf(state);
};

function view(): MachineView | undefined {
  const answer = place.allocators[1]!.machines.list({ region: 'eu', machine: 'm' });
  return answer.status === 'machines' ? answer.machines[0] : undefined;
}

async function eventsOf(subject: string): Promise<readonly unknown[]> {
  const events: unknown[] = [];
  for await (const item of place.machines.read(subject)) {
    if (item.kind === 'recorded') events.push(item.record.event);
  }
  return events;
}

describe('A machine with a policy', () => {
  test('registers what is within it', async () => {
    await start();
    await limit({ fleets: ['harbour'], slotsMax: 2, priorityMin: 0, projects: ['default'] });
    await place.own('1', '2');
    await place.pass(100);
    expect(['1', '2'].map(statusNow)).toEqual(['available', 'available']);
    expect(view()).toMatchObject({ slots: 2, beyond: 0, refused: null });
  });

  test('registers no slot of another fleet, and the log says so once', async () => {
    await start();
    await limit({ fleets: ['arena'] });
    await place.own('1', '2');
    await place.own('1', '2');
    await place.pass(100);
    expect(['1', '2'].map(statusNow)).toEqual(['unknown', 'unknown']);
    const reason = 'fleet "harbour" is not one of its fleets: arena';
    expect(view()).toMatchObject({
      ...{ slots: 0, refused: { slot: 'eu.m.1', reason } },
      // The refusal came later, and nobody asked for it.
      lastChange: { event: 'PolicySet', by: 'ann', reason: 'rented by the hour' },
    });
    expect(await eventsOf('machine.eu.m')).toMatchObject([
      { type: 'PolicySet', by: 'ann', reason: 'rented by the hour' },
      { type: 'RegistrationRefused', slot: 'eu.m.1', reason },
    ]);
  });

  test('has no more slots than it may have, however many it names', async () => {
    await start();
    await limit({ slotsMax: 3 });
    await place.own(...Array.from({ length: 40 }, (_, index) => String(index + 1)));
    await place.pass(100);
    expect(view()).toMatchObject({
      slots: 3,
      beyond: 0,
      refused: { reason: 'it may have 3 slots' },
    });
  });

  test('that had more is left with the first ones; a session goes on, and none follows', async () => {
    await start();
    await place.own('1', '2', '10');
    await place.pass(100);
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((id) => place.kept(place.allocators[0]!.claims.allocate(aRequest(id)))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(3).fill('allocated'));
    await limit({ slotsMax: 2 });
    await place.pass(CHECKED_MS);
    expect(['1', '2', '10'].map(statusNow)).toEqual(Array(3).fill('allocated'));
    expect(['1', '2', '10'].map((slot) => stateOf(slot)?.context.pending)).toEqual([
      null,
      null,
      'drain',
    ]);
    expect(view()).toMatchObject({ slots: 3, beyond: 1 });
  });

  test('that changes its fleet is given no session of either fleet', async () => {
    await start();
    await limit({ fleets: ['harbour'] });
    await place.own('1');
    await place.pass(100);
    place.agent.offer = anOffer({ fleet: 'arena' });
    await place.own('1');
    await place.pass(100);
    expect(statusNow('1')).toBe('drained');
    expect(stateOf('1')?.context.offer?.fleet).toBe('harbour');
  });

  test('is drained again if the drain is withdrawn and it is still beyond the policy', async () => {
    await start();
    await place.own('1');
    await limit({ priorityMin: 1_000 });
    await place.pass(CHECKED_MS);
    expect(statusNow('1')).toBe('drained');
    const undrain = {
      ...{ region: 'eu', agent: 'm', direction: 'withdraw-drain' as const },
      ...{ reason: '', by: 'ann', force: false },
    };
    await place.kept(place.allocators[0]!.operations.direct(undrain));
    await place.pass(CHECKED_MS);
    expect(statusNow('1')).toBe('drained');
    await limit(null);
    await place.kept(place.allocators[0]!.operations.direct(undrain));
    await place.pass(CHECKED_MS);
    expect(statusNow('1')).toBe('available');
  });
});

describe('A machine without a policy', () => {
  test('may say anything', async () => {
    await start();
    await place.own('1');
    await place.pass(100);
    expect(statusNow('1')).toBe('available');
  });

  test('has no slots where a policy is required', async () => {
    await start(true);
    await place.own('1');
    await place.pass(100);
    expect(statusNow('1')).toBe('unknown');
    expect(view()?.refused?.reason).toContain('it has no policy');
    await limit({});
    await place.own('1');
    await place.pass(100);
    expect(statusNow('1')).toBe('available');
  });
});

describe('An offer', () => {
  const offer = anOffer({ address: '203.0.113.7:7000', ip: '203.0.113.7', priority: 5 });
  test.each<[Partial<MachinePolicy>, object, number, string | null]>([
    [{}, {}, 9_999, null],
    [{ slotsMax: 4 }, {}, 3, null],
    [{ slotsMax: 4 }, {}, 4, 'it may have 4 slots'],
    [{ priorityMin: 5 }, {}, 0, null],
    [{ priorityMin: 6 }, {}, 0, 'priority 5 is below 6'],
    [{ projects: ['default'] }, {}, 0, null],
    [{ projects: ['acme'] }, { projects: ['acme'] }, 0, null],
    [{ projects: ['acme'] }, {}, 0, 'project "default" is not one of its projects'],
    [{ projects: ['a'] }, { projects: ['a', 'b'] }, 0, 'project "b" is not one of its projects'],
    [{ addresses: ['203.0.113.0/24'] }, {}, 0, null],
    [{ addresses: ['203.0.113.7'] }, {}, 0, null],
    [{ addresses: ['Game.example.'] }, { address: 'game.example:1', ip: 'game.example' }, 0, null],
    [
      { addresses: ['203.0.113.0/24'] },
      { address: 'bank.example:443' },
      0,
      'address "bank.example" is not one of its addresses: 203.0.113.0/24',
    ],
    [
      { addresses: ['203.0.113.0/24'] },
      { addresses: { internal: '10.0.0.1' } },
      0,
      'address "10.0.0.1" is not one of its addresses: 203.0.113.0/24',
    ],
    [
      { addresses: ['2001:db8::/32', '203.0.113.7'] },
      { addresses: { ipv6: '2001:db8::7' } },
      0,
      null,
    ],
  ])('under %j, with %j, as slot %d: %s', (policy, change, before, because) => {
    expect(beyondPolicy({ ...FREE, ...policy }, { ...offer, ...change }, before)).toBe(because);
  });
});
