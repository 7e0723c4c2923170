import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LabelValues, Metrics } from '#metrics';
import { Pool } from '#pool';
import { SeededRandom } from '#memory';
import { elapsedNs } from '#service-runtime';
import { slotOfSubject } from '#wire';
import { aRequest, TestRegion } from '../../test/support/region.js';
import { allocatorMetrics } from './allocator-metrics.js';
import { slotMetrics } from './slot-metrics.js';

let region: TestRegion;

beforeEach(() => {
  region = new TestRegion();
});

afterEach(() => region.close());

/** The samples that are not 0 and not buckets, for metrics whose name starts with `name`. */
async function samplesOf(metrics: Metrics, name: string): Promise<readonly string[]> {
  const lines = (await metrics.text()).split('\n');
  return lines.filter((line) => line.startsWith(name) && !/_bucket|_sum/.test(line));
}

describe("An allocator's metrics", () => {
  it('count a lost race at the allocator that lost it', async () => {
    const counted = [allocatorMetrics(), allocatorMetrics()] as const;
    for (const { watch } of counted) watch(await region.startAllocator());
    await region.own('a');
    const [one, other] = region.allocators;
    if (one === undefined || other === undefined) throw new Error('no allocators');
    const asked = [one, other].map((allocator, index) =>
      allocator.claims.allocate(aRequest(`race-${index}`)),
    );
    const answers = await region.kept(Promise.all(asked));
    expect(answers.map(({ status }) => status).sort()).toEqual(['allocated', 'refused']);
    const claims = await Promise.all(
      counted.map(({ metrics }) => samplesOf(metrics, 'berth_claims_total{')),
    );
    expect(claims.flat().sort()).toEqual([
      expect.stringMatching(/attempt="first",outcome="conflict"\} 1$/),
      expect.stringMatching(/attempt="first",outcome="stored"\} 1$/),
    ]);
  });

  it('count a refused callback apart from the session that it ended', async () => {
    const { metrics, watch } = allocatorMetrics();
    const allocator = await region.startAllocator();
    watch(allocator);
    await region.own('a', 'b');
    region.answers = { a: 'refused', b: 'refused' };
    await region.kept(allocator.claims.allocate(aRequest('refused', { timeoutMs: 2_000 })));
    const ends = await samplesOf(metrics, 'berth_sessions_ended_total{');
    expect(ends).toEqual([expect.stringMatching(/end="CallbackRefused",cause="game"\} \d+$/)]);
    const claims = await samplesOf(metrics, 'berth_claims_total{');
    expect(claims.join('\n')).toMatch(/attempt="again",outcome="stored"/);
  });
});

describe('Slots', () => {
  it('are counted within 100 ms, even 100,000 of them', async () => {
    await region.startAllocator();
    await region.own('a');
    const [head] = [...(region.allocators[0]?.pool.slots.all ?? [])];
    if (head === undefined) throw new Error('no slot');
    const agentOf = (subject: string) => slotOfSubject(subject).agent;
    const pool = new Pool({ random: new SeededRandom(1), agentOf });
    for (let n = 0; n < 100_000; n += 1) {
      pool.apply({ ...head, subject: head.subject.replace(/[^.]+$/, `s${n}`) });
    }
    const metrics = new Metrics('allocator');
    slotMetrics(metrics, new LabelValues(1), new LabelValues(1))('eu', pool);
    await metrics.text();
    const tookMs: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const startedNs = elapsedNs();
      expect(await samplesOf(metrics, 'berth_slots{')).toEqual([expect.stringMatching(/ 100000$/)]);
      tookMs.push((elapsedNs() - startedNs) / 1e6);
    }
    // The machine may be busy with something else, so the fastest of several counts.
    expect(Math.min(...tookMs)).toBeLessThan(100);
  });
});
