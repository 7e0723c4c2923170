import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  archiveStreamConfig,
  archiveStreamName,
  ensureStream,
  JetStreamEventLog,
  slotStreamConfig,
  slotStreamName,
} from '#jetstream';
import { appendUntilKnown, type EventLog, type LogItem } from '#kernel';
import { SystemClock } from '#service-runtime';
import { firstDifference, slot } from '#slot';
import { anEvent, past } from '#testing';
import { slotRecordCodec, slotSubject, type SlotRecord } from '#wire';
import { jetstreamManager } from '@nats-io/jetstream';
import { JetStreamBench } from './jetstream.js';

const clock = new SystemClock();
const subject = slotSubject({ region: 'eu', agent: 'm', slot: '1' });
const other = slotSubject({ region: 'eu', agent: 'm', slot: '2' });

/** The events that one session adds to a slot's history. */
const session = past.cleared.slice(past.warm.length);

let bench: JetStreamBench;
let log: EventLog<SlotRecord>;

beforeEach(async () => {
  bench = await JetStreamBench.start();
  await ensureStream(bench.connection, slotStreamConfig('eu'));
  log = await open(slotStreamName('eu'));
});
afterEach(() => bench.stop());

/** By consumers: a direct get of the log may be answered by its archive, which forgets nothing. */
function open(stream: string): Promise<EventLog<SlotRecord>> {
  const options = { stream, codec: slotRecordCodec, clock, consumers: true };
  return JetStreamEventLog.open(bench.connection, options);
}

async function openArchive(): Promise<EventLog<SlotRecord>> {
  await ensureStream(bench.connection, archiveStreamConfig('eu', 90));
  return open(archiveStreamName('eu'));
}

/** Writes a slot's life; returns the sequence of its last event. */
async function live(to: string, sessions: number): Promise<number> {
  let [sequence, state] = [0, slot.initial];

  const events = [...past.warm, ...Array.from({ length: sessions }, () => session).flat()];
  for (const event of [...events, anEvent('SlotRetired')]) {
    state = slot.evolve(state, event);
    const record = { id: `${to}-${sequence}`, source: 'berth/allocator/test', event, state };
    const append = { subject: to, expected: sequence, record };
    const settled = await appendUntilKnown(log, append, clock, clock.now() + 15_000);
    if (settled.kind !== 'stored') throw new Error(`the answer was ${settled.kind}`);
    sequence = settled.sequence;
  }
  return sequence;
}

/** Reads a history once it reaches `last`, because the archive lags a moment behind. */
async function historyUpTo(last: number, from: EventLog<SlotRecord>, of = subject) {
  while ((await from.end()) < last);
  const items: LogItem<SlotRecord>[] = [];
  for await (const item of from.read(of)) items.push(item);
  return items.flatMap((item) => (item.kind === 'recorded' ? [item] : []));
}

describe('The archive', () => {
  it('has the whole life of a slot of which the log keeps 4,096 events', async () => {
    const archive = await openArchive();
    const end = await live(subject, 1_100);
    expect(end).toBeGreaterThan(4_096);
    expect(await historyUpTo(end, log)).toHaveLength(4_096);
    const whole = await historyUpTo(end, archive);
    expect(whole.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: end }, (_, i) => i + 1),
    );
    expect(firstDifference(whole.map(({ record }) => record))).toBeUndefined();
  }, 60_000);

  it('keeps what the log forgets, at the same sequences, and continues', async () => {
    const archive = await openArchive();
    const end = await live(subject, 3);
    await historyUpTo(end, archive);
    await log.forget(subject, end);
    const last = await live(other, 1);
    expect(await historyUpTo(last, log)).toEqual([]);
    const whole = await historyUpTo(last, archive);
    expect(whole).toHaveLength(end);
    expect(firstDifference(whole.map(({ record }) => record))).toBeUndefined();
    expect(await archive.at(end)).toMatchObject({ subject, sequence: end });
    expect((await historyUpTo(last, archive, other)).at(-1)).toMatchObject({ sequence: last });
  });

  it('begins with what the log has when the archive is created', async () => {
    const early = await live(subject, 2);
    await live(other, 1);
    await log.forget(subject, early);
    const archive = await openArchive();
    const end = await log.end();
    expect(await historyUpTo(end, archive)).toEqual([]);
    expect((await historyUpTo(end, archive, other)).at(0)).toMatchObject({ sequence: early + 1 });
  });

  it('misses nothing when the server is killed while the log forgets events', async () => {
    const archive = await openArchive();
    const end = await live(subject, 20);
    await historyUpTo(end, archive);
    await bench.server.kill();
    await bench.server.restart();
    const last = await live(other, 20);
    await log.forget(subject, end);
    expect(
      firstDifference((await historyUpTo(last, archive)).map(({ record }) => record)),
    ).toBeUndefined();
    expect(await historyUpTo(last, archive, other)).toHaveLength(last - end);
  }, 60_000);

  it('dates its events by the time of the log', async () => {
    const end = await live(subject, 1);
    const archive = await openArchive();
    await historyUpTo(end, archive);
    const { streams } = await jetstreamManager(bench.connection);
    const [own, copy] = await Promise.all(
      [slotStreamName('eu'), archiveStreamName('eu')].map((name) =>
        streams.getMessage(name, { seq: 1 }),
      ),
    );
    expect(copy?.timestamp).toBe(own?.timestamp);
  });
});
