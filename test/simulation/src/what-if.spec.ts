import { DemandReader, exportedLine, play, readLine, resized } from '#audit';
import { SeededRandom } from '#memory';
import { slotRecordCodec, slotsSubject } from '#wire';
import { describe, expect, it } from '@jest/globals';
import { aRequest, TestRegion } from '../../../apps/allocator/test/support/region.js';

const SEED = 20_260_131;
const REQUESTS = 80;
const SLOTS = Array.from({ length: 12 }, (_, index) => String(index + 1));

interface Planned {
  readonly id: string;
  /** After the request before it (ms). */
  readonly afterMs: number;
  readonly sessionMs: number;
}

/** Requests come in waves, and sessions last 5 to 25 s; no end falls on a request. */
function aDay(): readonly Planned[] {
  const random = new SeededRandom(SEED);
  return Array.from({ length: REQUESTS }, (_, index) => ({
    id: `match-${index}`,
    afterMs: 1_000 * (1 + Math.floor(random.fraction() * (index % 40 < 20 ? 4 : 12))),
    sessionMs: 5_450 + 1_000 * Math.floor(random.fraction() * 20),
  }));
}

/** The day with a real allocator: what it recorded, and whom it refused. */
async function lived(day: readonly Planned[], slots: readonly string[]) {
  const place = new TestRegion();
  const allocator = await place.startAllocator();
  await place.own(...slots);
  await place.pass(1_000);
  const refused: string[] = [];
  let due = place.clock.now();
  for (const { id, afterMs, sessionMs } of day) {
    due += afterMs;
    // An answer takes its time too.
    await place.pass(due - place.clock.now());
    place.agent.sessionMs = sessionMs;
    const { status } = await place.kept(allocator.claims.allocate(aRequest(id, { waitMs: 0 })));
    if (status === 'refused') refused.push(id);
  }
  await place.pass(60_000);
  const lines: string[] = [];
  for await (const item of place.log.read(slotsSubject('eu'))) {
    if (item.kind !== 'recorded') continue;
    const { subject, sequence, record } = item;
    const body = slotRecordCodec.encode(subject, record);
    lines.push(exportedLine({ subject, sequence, body, expected: null, deduplicationId: null }));
  }
  place.close();
  return { refused, lines };
}

function recorded(lines: readonly string[]) {
  const reader = new DemandReader();
  for (const line of lines) {
    const { subject, body } = readLine(line);
    reader.take(subject, slotRecordCodec.decode(subject, body!));
  }
  return reader.demand();
}

function predicted(lines: readonly string[], slots: number, waitMs = 0) {
  const demand = recorded(lines);
  const moments = play(demand, { offers: resized(demand.offers, { slots }), waitMs });
  for (;;) {
    const next = moments.next();
    if (next.done) return next.value;
  }
}

describe('A day that was recorded', () => {
  it('is played with as many slots as it was', async () => {
    const { refused, lines } = await lived(aDay(), SLOTS);
    expect(refused).toEqual([]);
    const whatIf = predicted(lines, SLOTS.length);
    expect(whatIf).toMatchObject({ requests: REQUESTS, served: REQUESTS, waited: 0, refused: [] });
    expect(whatIf.busyMax).toBe(whatIf.needed.slots);
    expect(predicted(lines, whatIf.needed.slots).refused).toEqual([]);
    expect(predicted(lines, whatIf.needed.slots - 1).refused).not.toEqual([]);
  });

  it('has fewer refused and some who wait where requests wait', async () => {
    const { lines } = await lived(aDay(), SLOTS);
    const [atOnce, waiting] = [predicted(lines, 4), predicted(lines, 4, 10_000)];
    expect(waiting.refused.length).toBeLessThan(atOnce.refused.length);
    expect(waiting.waited).toBeGreaterThan(0);
    expect(waiting.waitMsMax).toBeLessThanOrEqual(10_000);
    expect(waiting.served + waiting.refused.length).toBe(REQUESTS);
  });

  it.each([6, 4, 2])('refuses with %i slots whom allocators then refuse', async (slots) => {
    const { lines } = await lived(aDay(), SLOTS);
    const { refused } = await lived(aDay(), SLOTS.slice(0, slots));
    expect(refused.length).toBeGreaterThan(3);
    expect(predicted(lines, slots).refused.map(({ id }) => id)).toEqual(refused);
  });
});
