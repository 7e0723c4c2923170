import { JsonText } from '#json';
import { describe, expect, test } from '@jest/globals';
import { slot } from '#slot';
import { aReport, START } from '#testing';
import { slotSubject } from '#wire';
import { allocatorMetrics } from '../metrics/allocator-metrics.js';
import {
  ask,
  place,
  regionForEach,
  regionWith,
  release,
} from '../../test/support/remembering-region.js';

const region = 'eu';

regionForEach();

describe('an allocation on two slots', () => {
  test('keeps the slot that was claimed first', async () => {
    const [one, two] = await regionWith(2, '1');
    const { metrics, watch } = allocatorMetrics();
    watch(one!);
    await ask(one!, 'match-1');
    await claimBehindTheirBacks('2', 'match-1');
    await place.pass(2_000);
    expect(await metrics.text()).toContain('berth_duplicate_allocations_total{region="eu"} 1\n');
    const types = async (name: string) => (await place.events(name)).map(({ type }) => type);
    expect(await types('1')).not.toContain('DeallocationRequested');
    expect(await place.events('2')).toContainEqual(
      expect.objectContaining({ type: 'DeallocationRequested', reason: 'duplicate' }),
    );
    for (const allocator of [one!, two!]) {
      expect(await ask(allocator, 'match-1')).toMatchObject({
        status: 'allocated',
        slot: 'eu.m.1',
      });
      expect(allocator.doubles).toBe(1);
    }
  });

  test('is no double to an allocator that has not read its end on the first one', async () => {
    const [one] = await regionWith(1, '1');
    await ask(one!, 'match-1');
    const first = slotSubject({ region, agent: 'm', slot: '1' });
    const log = Object.create(place.log) as typeof place.log;
    log.follow = (after, consumer) =>
      place.log.follow(after, {
        receive: (item) => item.subject !== first && consumer.receive(item),
      });
    const deaf = await place.startAllocator({ log });
    await release(one!, 'match-1');
    await claimBehindTheirBacks('2', 'match-1');
    await place.pass(3_000);
    expect(await place.events('2')).not.toContainEqual(
      expect.objectContaining({ type: 'DeallocationRequested' }),
    );
    expect(deaf.doubles).toBe(0);
  });

  /** A claim that no allocator makes: without the de-duplication id that prevents a second one. */
  async function claimBehindTheirBacks(name: string, allocationId: string): Promise<void> {
    const subject = slotSubject({ region, agent: 'm', slot: name });
    let [state, expected] = [slot.initial, 0];
    const claim = {
      type: 'RequestAllocation',
      at: START - 1,
      allocationId,
      attempt: 1,
      allocator: 'nobody',
      buildConfiguration: null,
      payload: JsonText.null,
      idleMs: null,
      terms: null,
      fresh: false,
      requestedBy: 'matchmaker',
    } as const;
    for (const command of [{ type: 'ApplyReport', at: START, report: aReport() } as const, claim]) {
      const decision = slot.decide(state, command);
      if (decision.kind === 'refused') throw new Error(decision.refusal.message);
      for (const { event, state: next } of decision.steps) {
        const record = { id: `${name}-${expected}`, source: 'test', event, state: next };
        const verdict = await place.log.append({ subject, expected, record });
        if (verdict.kind !== 'stored') throw new Error(verdict.kind);
        [state, expected] = [next, verdict.sequence];
      }
    }
  }
});
