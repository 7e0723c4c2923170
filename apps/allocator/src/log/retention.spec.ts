import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog } from '#kernel';
import { MemoryEventLog, SeededRandom } from '#memory';
import { createLogger } from '#service-runtime';
import { firstDifference } from '#slot';
import { aReport } from '#testing';
import { slotRecordCodec, slotSubject, type SlotRecord } from '#wire';
import type { Allocator } from '../allocator.js';
import { LateLog } from '../../test/support/late-log.js';
import { aRequest, TestRegion } from '../../test/support/region.js';

const HOUR_MS = 3_600_000;
const rememberMs = 10_000;

let region: TestRegion;
let archive: MemoryEventLog<SlotRecord>;
let allocator: Allocator;

beforeEach(async () => {
  region = new TestRegion({ rememberMs });
  archive = (region.log as MemoryEventLog<SlotRecord>).archive();
  allocator = await region.startAllocator({ archive });
});
afterEach(() => region.close());

function subjectOf(slot: string): string {
  return slotSubject({ region: 'eu', agent: 'm', slot });
}

async function retire(slot: string, by = allocator) {
  const target = { region: 'eu', agent: 'm', slot, direction: 'retire' as const };
  return region.kept(by.operations.direct({ ...target, reason: 'sold', by: 'ann', force: false }));
}

/** Allocates the slot, and ends the session. */
async function play(allocationId: string): Promise<void> {
  await region.kept(allocator.claims.allocate(aRequest(allocationId)));
  const request = { allocationId, region: 'eu', reason: 'over', by: 'ann' };
  await region.kept(allocator.deallocations.deallocate(request));
  await region.pass(200);
}

/** Waits for the end of the grace period after ids are forgotten, and for one more check. */
async function passGrace(): Promise<void> {
  region.clock.advance(HOUR_MS + rememberMs);
  await region.pass(61_000);
}

async function historyIn(log: EventLog<SlotRecord>, slot: string): Promise<SlotRecord[]> {
  const facts: SlotRecord[] = [];
  for await (const item of log.read(subjectOf(slot))) {
    if (item.kind === 'recorded') facts.push(item.record);
  }
  return facts;
}

describe('A retired slot', () => {
  it('stays in the log as long as the ids of its sessions are remembered, and one hour longer', async () => {
    await region.own('1');
    await play('match-1');
    await retire('1');
    region.clock.advance(HOUR_MS);
    await region.pass(1_000);
    expect(await region.events('1')).not.toEqual([]);
  });

  it('leaves the log then, and its whole history stays in the archive', async () => {
    await region.own('1', '2');
    await play('match-1');
    const whole = await region.events('1');
    await retire('1');
    await passGrace();
    expect(await region.events('1')).toEqual([]);
    expect(await region.log.last(subjectOf('1'))).toBeUndefined();
    const kept = await historyIn(archive, '1');
    expect(kept.map(({ event }) => event.type)).toEqual([
      ...whole.map(({ type }) => type),
      'SlotRetired',
    ]);
    expect(firstDifference(kept)).toBeUndefined();
    expect(await region.events('2')).not.toEqual([]);
  });

  it('stays while the archive does not have it', async () => {
    const { clock } = region;
    region.stop(allocator);
    const empty = new MemoryEventLog(slotRecordCodec, { clock });
    allocator = await region.startAllocator({ archive: empty });
    await region.own('1');
    await retire('1');
    await passGrace();
    expect(await region.events('1')).not.toEqual([]);
  });

  it('leaves the log if it is older than what the archive keeps', async () => {
    const { clock } = region;
    region.close();
    region = new TestRegion({ rememberMs, archiveMs: HOUR_MS });
    const empty = new MemoryEventLog(slotRecordCodec, { clock });
    allocator = await region.startAllocator({ archive: empty });
    await region.own('1');
    await retire('1');
    await passGrace();
    expect(await region.events('1')).toEqual([]);
  });

  it('stays for ever if there is no archive', async () => {
    region.stop(allocator);
    allocator = await region.startAllocator();
    await region.own('1');
    await retire('1');
    await passGrace();
    expect(await region.events('1')).not.toEqual([]);
  });

  it('leaves the log once, however many allocators work on it', async () => {
    const second = await region.startAllocator({ archive });
    await region.own('1', '2');
    await retire('1');
    await passGrace();
    expect(await region.events('1')).toEqual([]);
    for (const each of [allocator, second]) expect(await retire('1', each)).toMatchObject(UNKNOWN);
  });
});

describe('An archive', () => {
  const lines: string[] = [];
  const noted = (fields: object, text: string) =>
    void lines.push(`${text}: ${'reason' in fields ? String(fields.reason) : ''}`);

  beforeEach(async () => {
    lines.length = 0;
    await region.own('1');
    await play('match-1');
    await retire('1');
    region.stop(allocator);
  });

  /** A copy of the log in which each event is another one. */
  async function copied(): Promise<MemoryEventLog<SlotRecord>> {
    const { log, clock } = region;
    const copy = new MemoryEventLog<SlotRecord>(slotRecordCodec, { clock });
    let expected = 0;
    for await (const item of log.read(subjectOf('1'))) {
      if (item.kind !== 'recorded') continue;
      const record = { ...item.record, id: `other-${item.record.id}` };
      await copy.append({ subject: item.subject, expected, record });
      expected = item.sequence;
    }
    return copy;
  }

  const startWith = (of: EventLog<SlotRecord>) => {
    const logger = Object.assign(createLogger('test', 'silent'), { error: noted });
    return region.startAllocator({ archive: of, logger });
  };

  it('that has other events than the log is told, and no slot leaves the log', async () => {
    await startWith(await copied());
    await passGrace();
    await region.pass(120_000);
    const end = await region.log.end();
    expect(lines).toEqual([
      `the archive is not of this log: no retired slot leaves the log: at ${end} it has another event`,
    ]);
    expect(await region.events('1')).not.toEqual([]);
  });

  it('that ends after the log is told once that is sure', async () => {
    const ahead = Object.assign(Object.create(archive) as typeof archive, {
      end: async () => (await archive.end()) + 1,
    });
    await startWith(ahead);
    await region.pass(61_000);
    expect(lines).toEqual([]);
    await region.pass(60_000);
    expect(lines).toEqual([expect.stringMatching(/: it ends at \d+, after the log$/)]);
  });
});

describe('A slot that the log has forgotten', () => {
  beforeEach(async () => {
    await region.own('1', '2');
    await play('match-1');
    await retire('1');
    await passGrace();
  });

  it('is not registered again by an agent that comes back', async () => {
    for (const each of [allocator, await region.startAllocator({ archive })]) {
      await region.kept(each.reports.record({ region: 'eu', agent: 'm', slot: '1' }, lateReport));
    }
    expect(await region.events('1')).toEqual([]);
  });

  it('refuses directions, and nothing is written', async () => {
    const end = await region.log.end();
    expect(await retire('1')).toMatchObject(UNKNOWN);
    expect(await region.log.end()).toBe(end);
  });

  it('does not prevent the registration of other slots', async () => {
    await region.own('3');
    expect(await region.events('3')).toMatchObject([{ type: 'SlotRegistered' }, {}]);
  });

  it('does not prevent an allocator from starting, even if it was the last one written to', async () => {
    await retire('2');
    await passGrace();
    expect(await region.events()).toEqual([]);
    const late = await region.startAllocator({ archive });
    const request = { allocationId: 'none', region: 'eu', reason: '', by: '' };
    expect(await region.kept(late.deallocations.deallocate(request))).toMatchObject({
      code: 'unknown-allocation',
    });
  });
});

describe('An allocator that has not read the end of a slot', () => {
  it('loses its claim, and forgets the slot', async () => {
    const { clock, log } = region;
    await region.own('1');
    const deaf = await region.startAllocator({
      log: new LateLog(log, clock, new SeededRandom(1), 1e12),
      archive,
    });
    await retire('1');
    await passGrace();
    const end = await log.end();
    const answer = await region.kept(
      deaf.claims.allocate(aRequest('match-2', { timeoutMs: 5_000 })),
    );
    expect(answer.status).toBe('refused');
    expect(await log.end()).toBe(end);
    expect(await retire('1', deaf)).toMatchObject(UNKNOWN);
  });
});

const UNKNOWN = { status: 'refused', code: 'unknown-slot' };

const lateReport = { seen: 0, report: aReport({ incarnation: 99 }) };
