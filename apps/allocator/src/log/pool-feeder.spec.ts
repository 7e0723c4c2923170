import { beforeEach, describe, expect, test } from '@jest/globals';
import type { LogItem, ReadFrom } from '#kernel';
import { MemoryEventLog } from '#memory';
import { slot, type SlotEvent, type SlotState } from '#slot';
import { anEvent } from '#testing';
import { slotRecordCodec, slotSubject, type SlotRecord } from '#wire';
import { aRequest, TestRegion } from '../../test/support/region.js';

const HOUR_MS = 3_600_000;

/** A log that notes what is read of it. */
class WatchedLog extends MemoryEventLog<SlotRecord> {
  readonly given: number[] = [];

  override async *present(filter: string): AsyncGenerator<LogItem<SlotRecord>, void> {
    yield* this.noting(super.present(filter));
  }

  override async *read(filter: string, from?: ReadFrom): AsyncGenerator<LogItem<SlotRecord>, void> {
    yield* this.noting(super.read(filter, from));
  }

  private async *noting(items: AsyncIterable<LogItem<SlotRecord>>) {
    for await (const item of items) {
      this.given.push(item.sequence);
      yield item;
    }
  }
}

let region: TestRegion;
let log: WatchedLog;
let last: Map<string, number>;
let states: Map<string, SlotState>;
beforeEach(() => {
  region = new TestRegion();
  log = new WatchedLog(slotRecordCodec, { clock: region.clock });
  last = new Map();
  states = new Map();
});

const subjectOf = (name: string) => slotSubject({ region: 'eu', agent: 'm', slot: name });

async function happen(name: string, ...events: readonly SlotEvent[]): Promise<void> {
  const subject = subjectOf(name);
  for (const event of events) {
    const state = slot.evolve(states.get(name) ?? slot.initial, event);
    const record = { id: `${name}-${last.get(name)}-${event.type}`, source: 'spec', event, state };
    const verdict = await log.append({ subject, expected: last.get(name) ?? 0, record });
    if (verdict.kind !== 'stored') throw new Error(verdict.kind);
    last.set(name, verdict.sequence);
    states.set(name, state);
  }
}

const registered = anEvent('SlotRegistered');
const session = (allocationId: string) => [
  anEvent('AllocationRequested', { allocationId }),
  anEvent('CallbackAcked'),
];

describe('the start of an allocator', () => {
  test('knows the present of each slot, and reads no event twice', async () => {
    await happen('idle', registered, anEvent('ProcessStarted'));
    await happen('busy', registered);
    region.clock.advance(30 * HOUR_MS);
    await happen('busy', ...session('match-1'));
    await happen('new', registered);
    const { pool } = await region.startAllocator({ log });
    for (const [name, sequence] of last) {
      expect([name, pool.slots.sequenceOf(subjectOf(name))]).toEqual([name, sequence]);
    }
    // Two more: the first recent event is looked up, and shows where the older ones end.
    expect(log.given.length).toBe(new Set(log.given).size + 2);
    // What is older than what is remembered, and is no slot's present, is not read.
    expect(log.given).not.toContain(1);
  });

  test('remembers recent ends, and sets aside a slot whose last event is unreadable', async () => {
    const ended = [anEvent('DeallocationRequested'), anEvent('SlotCleared')];
    await happen('over', registered, ...session('match-1'), ...ended);
    await happen('broken', registered);
    log.corrupt(subjectOf('broken'), new TextEncoder().encode('{'));
    const { pool, claims } = await region.startAllocator({ log });
    expect(pool.slots.isQuarantined(subjectOf('broken'))).toBe(true);
    expect(pool.slots.get(subjectOf('broken'))?.state.value).toEqual(states.get('broken')?.value);
    expect(await claims.allocate(aRequest('match-1'))).toMatchObject({ code: 'ended' });
  });
});
