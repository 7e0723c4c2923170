import { buildConfigurationSchema } from '#build';
import { MemoryBus, MemoryOutcomeStore } from '#memory';
import { anOffer } from '#testing';
import { configureFleetRequest, configureRequest } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Allocator } from '../allocator.js';
import type { AllocatorPorts } from '../ports.js';
import { LOST_AFTER_MS } from '../repair/presence.js';
import { aRequest, TestRegion } from '../../test/support/region.js';
import { allocatorMetrics } from './allocator-metrics.js';

const region = 'eu';

let place: TestRegion;
beforeEach(() => {
  // Two ended ids are remembered, and the third one drives out the first.
  place = new TestRegion({ rememberedMax: 2 });
  place.agent.offer = anOffer({ runsAny: true });
});
afterEach(() => place.close());

async function watched(changes: Partial<AllocatorPorts> = {}) {
  const { metrics, watch } = allocatorMetrics();
  const allocator = await place.startAllocator(changes);
  watch(allocator);
  /** The sum of all samples of a metric that have these labels. */
  const valueOf = async (name: string, labels = '') => {
    const lines = (await metrics.text()).split('\n');
    const samples = lines.filter((line) => line.startsWith(`${name}{`) && line.includes(labels));
    return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };
  return { allocator, valueOf };
}

const ask = (allocator: Allocator, id: string, change: object = {}) =>
  place.kept(allocator.claims.allocate(aRequest(id, change)));

describe('What no storm brings about is counted all the same:', () => {
  it('ids that are forgotten before their time', async () => {
    const { allocator, valueOf } = await watched();
    await place.own('1');
    for (const allocationId of ['one', 'two', 'three', 'four']) {
      await ask(allocator, allocationId);
      const end = { region, allocationId, reason: 'over', by: 'test' };
      await place.kept(allocator.deallocations.deallocate(end));
      await place.pass(1_000);
    }
    expect(await valueOf('berth_ids_forgotten_early_total')).toBeGreaterThan(0);
  });

  it('a refusal that cannot be recorded', async () => {
    const outcomes = new MemoryOutcomeStore();
    outcomes.record = () => Promise.reject(new Error('the store is full'));
    const { allocator, valueOf } = await watched({ outcomes });
    await place.own('1');
    await ask(allocator, 'one');
    expect(await ask(allocator, 'two')).toMatchObject({ status: 'refused' });
    await place.pass(50);
    expect(await valueOf('berth_refusal_records_missed_total')).toBe(1);
  });

  it('slots whose agent is lost', async () => {
    // Nobody beats on a bus of its own.
    const { valueOf } = await watched({ bus: new MemoryBus(place.clock) });
    await place.own('1', '2');
    await place.pass(2 * LOST_AFTER_MS);
    expect(await valueOf('berth_slot_agent_losses_total')).toBe(2);
    expect(await valueOf('berth_slots_lost')).toBe(2);
    expect(await valueOf('berth_agents', 'state="lost"')).toBe(1);
  });

  it('slots of a rollout, by its progress', async () => {
    const { allocator, valueOf } = await watched();
    place.agent.startMs = 100;
    await place.own('1', '2');
    await place.pass(50);
    const why = { reason: 'the season', by: 'operator' };
    const configuration = buildConfigurationSchema.parse({ executable: 'server' });
    const set = configureRequest.parse({ region, name: 'winter', configuration, ...why });
    await place.kept(allocator.fleets.catalogue.configurations.set(set));
    const request = { region, fleet: 'harbour', buildConfiguration: 'winter', atATime: 2, ...why };
    await place.kept(allocator.fleets.configure(configureFleetRequest.parse(request)));
    await place.pass(5_000);
    expect(await valueOf('berth_rollout_slots', 'progress="done"')).toBe(2);
  });
});
