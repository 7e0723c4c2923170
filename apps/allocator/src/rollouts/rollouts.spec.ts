import { buildConfigurationSchema, type BuildConfigurationInput } from '#build';
import { SeededRandom } from '#memory';
import type { SlotEvent, SlotState } from '#slot';
import { runOf, statusOf } from '#slot';
import { anOffer } from '#testing';
import { configureFleetRequest, configureRequest, slotsSubject, type FleetView } from '#wire';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LateLog } from '../../test/support/late-log.js';
import { aRequest, TestRegion } from '../../test/support/region.js';

const slots = Array.from({ length: 16 }, (_, index) => `${index + 1}`);
const winter: BuildConfigurationInput = { executable: 'server', arguments: ['-port', '{port}'] };
const wanted = { reason: 'the season', by: 'operator' };

let place: TestRegion;
beforeEach(async () => {
  place = new TestRegion();
  place.agent.offer = anOffer({ runsAny: true });
  for (let count = 0; count < 3; count += 1) await place.startAllocator();
  await place.own(...slots);
  await place.pass(50);
  place.agent.startMs = 1_000;
});
afterEach(() => place.close());

function set(input: BuildConfigurationInput, name = 'winter') {
  const configuration = buildConfigurationSchema.parse(input);
  const request = { region: 'eu', name, configuration, ...wanted };
  return place.kept(
    place.allocators[0]!.fleets.catalogue.configurations.set(configureRequest.parse(request)),
  );
}

function configure(buildConfiguration: string | null, atATime = 2) {
  const request = { region: 'eu', fleet: 'harbour', buildConfiguration, atATime, ...wanted };
  return place.kept(place.allocators[1]!.fleets.configure(configureFleetRequest.parse(request)));
}

function rollout(): FleetView['rollout'] | undefined {
  const answer = place.allocators.at(-1)!.fleets.list({ region: 'eu', fleet: 'harbour' });
  return answer.status === 'fleets' ? answer.fleets[0]?.rollout : undefined;
}

const runs = ({ context: { process } }: SlotState) => `${process?.buildConfiguration}`;

function isInChange(state: SlotState): boolean {
  const { process, assigned } = state.context;
  if (statusOf(state) !== 'available' || assigned === null) return false;
  return process?.version !== runOf(state)?.version;
}

/** The slots at the end of the log, and the most that were in change at the same time. */
async function history() {
  const states = new Map<string, SlotState>();
  let most = 0;
  for await (const item of place.log.read(slotsSubject('eu'))) {
    if (item.kind !== 'recorded') continue;
    states.set(item.subject, item.record.state);
    most = Math.max(most, [...states.values()].filter(isInChange).length);
  }
  return { states: [...states.values()], most };
}

const assignments = (events: readonly SlotEvent[]) =>
  events.filter(({ type }) => type === 'ConfigurationAssigned').length;

describe('a rollout over sixteen slots', () => {
  test('changes the ten free ones, two at a time, and the other six only after they were cleared', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const id of ids) await place.kept(place.allocators[0]!.claims.allocate(aRequest(id)));
    await set(winter);
    await configure('winter');
    await place.pass(30_000);

    const before = await history();
    expect(before.most).toBe(2);
    expect(before.states.filter((state) => runs(state) === 'winter')).toHaveLength(10);
    expect(before.states.filter((state) => statusOf(state) === 'allocated')).toHaveLength(6);
    expect(rollout()).toEqual({
      standsMs: expect.any(Number),
      buildConfiguration: 'winter',
      version: 1,
      done: 10,
      changing: 0,
      waiting: 6,
      failed: 0,
    });

    for (const allocationId of ids) {
      const ended = { region: 'eu', allocationId, reason: 'over', by: 'test' };
      await place.kept(place.allocators[0]!.deallocations.deallocate(ended));
    }
    await place.pass(30_000);
    const after = await history();
    expect(after.most).toBe(2);
    expect(after.states.map(runs)).toEqual(Array(16).fill('winter'));
    expect(rollout()).toMatchObject({ done: 16, waiting: 0 });
    // With any number of allocators, each slot is assigned once.
    expect(assignments(await place.events())).toBe(16);
  });

  test('keeps its limit with allocators that read events and sessions late', async () => {
    for (const byMs of [600, 900, 1_200]) {
      const late = new LateLog(place.log, place.clock, new SeededRandom(byMs), byMs);
      await place.startAllocator({ log: late });
    }
    const ids = slots.slice(0, 12).map((slot) => `match-${slot}`);
    for (const id of ids) await place.kept(place.allocators[0]!.claims.allocate(aRequest(id)));
    await set(winter);
    await configure('winter', 2);
    for (const allocationId of ids) {
      const ended = { region: 'eu', allocationId, reason: 'over', by: 'test' };
      await place.kept(place.allocators[0]!.deallocations.deallocate(ended));
      await place.pass(350);
    }
    await place.pass(40_000);
    const { most, states } = await history();
    expect(most).toBe(2);
    expect(states.map(runs)).toEqual(Array(16).fill('winter'));
    expect(assignments(await place.events())).toBe(16);
  });

  test('follows a new version, and returns to the setting of the agents', async () => {
    await set(winter);
    await configure('winter', 8);
    await place.pass(15_000);
    expect(rollout()).toMatchObject({ version: 1, done: 16 });
    await set({ ...winter, readiness: true });
    await place.pass(15_000);
    expect(rollout()).toMatchObject({ version: 2, done: 16 });
    await configure(null, 8);
    await place.pass(15_000);
    expect(rollout()).toBeNull();
    const { states, most } = await history();
    expect(most).toBe(8);
    expect(states.map(runs)).toEqual(Array(16).fill('harbour-1'));
  });

  test('stops if a game does not start, until another version is set', async () => {
    place.agent.broken.add(1);
    await set(winter);
    await configure('winter');
    await place.pass(20_000);
    expect(rollout()).toMatchObject({ done: 0, changing: 0, waiting: 14, failed: 2 });
    await set({ ...winter, executable: 'server-2' });
    await place.pass(30_000);
    expect(rollout()).toMatchObject({ version: 2, done: 16, failed: 0 });
    expect((await history()).most).toBe(2);
  });

  test('leaves a slot alone as long as its game holds it', async () => {
    const heldUntil = place.clock.now() + 40_000;
    await place.report('3', 0, { heldUntil });
    await set(winter);
    await configure('winter', 16);
    await place.pass(20_000);
    expect(rollout()).toMatchObject({ done: 15, waiting: 1 });
    await place.pass(30_000);
    expect(rollout()).toMatchObject({ done: 16, waiting: 0 });
  });

  test('requires an existing build configuration', async () => {
    expect(await configure('summer')).toMatchObject({ code: 'unknown-build-configuration' });
  });
});

describe('a request', () => {
  test('gets the limits of the build configuration that it names', async () => {
    await set({ ...winter, idleMs: 7_000, restartsMax: 9 });
    const answer = await place.kept(
      place.allocators[2]!.claims.allocate(
        aRequest('a', { buildConfiguration: 'winter', restart: true }),
      ),
    );
    expect(answer).toMatchObject({ status: 'allocated', buildConfiguration: 'winter' });
    expect((await place.events()).find(({ type }) => type === 'AllocationRequested')).toMatchObject(
      {
        buildConfiguration: 'winter',
        version: 1,
        idleMs: 7_000,
        restartsMax: 9,
        fresh: true,
      },
    );
  });

  test('gets exactly the slot that it names, or none', async () => {
    const slot = 'eu.m.7';
    const first = await place.kept(place.allocators[0]!.claims.allocate(aRequest('a', { slot })));
    expect(first).toMatchObject({ status: 'allocated', slot });
    const second = await place.kept(place.allocators[0]!.claims.allocate(aRequest('b', { slot })));
    expect(second).toMatchObject({ code: 'none-available' });
    const wrong = { slot: 'eu.m.99' };
    const third = await place.kept(place.allocators[0]!.claims.allocate(aRequest('c', wrong)));
    expect(third).toMatchObject({ code: 'unknown-slot' });
  });

  test('may name the setting of an agent, but nothing unknown', async () => {
    const ask = (id: string, buildConfiguration: string) =>
      place.kept(place.allocators[0]!.claims.allocate(aRequest(id, { buildConfiguration })));
    expect(await ask('a', 'harbour-1')).toMatchObject({ status: 'allocated' });
    expect(await ask('b', 'summer')).toMatchObject({ code: 'unknown-build-configuration' });
  });
});
