import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogRefused, TransientError, type ReadFrom } from '#kernel';
import { ManualClock, MemoryEventLog } from '#memory';
import { anEvent, past } from '#testing';
import { slotRecordCodec, type SlotRecord } from '#wire';
import { recordOn, TestGateway } from '../../../test/support/gateway.js';

const events = [...past.cleared, anEvent('SlotRetired')];
const types = events.map(({ type }) => type);

let gateway: TestGateway;
let archive: FailingLog;

beforeEach(async () => {
  archive = new FailingLog(slotRecordCodec, { clock: new ManualClock() });
  gateway = await TestGateway.start({}, { openArchive: () => Promise.resolve(archive) });
});
afterEach(() => gateway.close());

/** An archive that fails to read when told to. */
class FailingLog extends MemoryEventLog<SlotRecord> {
  failure: Error | undefined;
  /** What is archived while its end is being asked for. */
  meanwhile: () => Promise<void> = () => Promise.resolve();

  override async end(): Promise<number> {
    const end = await super.end();
    await this.meanwhile();
    return end;
  }

  override async *read(filter: string, from?: ReadFrom) {
    if (this.failure !== undefined) throw this.failure;
    yield* super.read(filter, from);
  }
}

/** Records a slot's life in log and archive; the log then forgets it up to sequence `forgotten`. */
async function live(forgotten: number): Promise<void> {
  for (const log of [archive, gateway.log]) await recordOn(log, 'local.a.1', events);
  await gateway.log.forget('slot.local.a.1', forgotten);
}

async function told(path: string): Promise<string[]> {
  const { body } = await gateway.get(path);
  const told: { type: string }[] = body.events;
  return told.map(({ type }) => type);
}

describe('GET /v1/slots/{id}/events', () => {
  it.each([0, 3, events.length])('returns all of it if the log forgot %s events', async (gone) => {
    await live(gone);
    expect(await told('/v1/slots/local.a.1/events?limit=100')).toEqual(types);
  });

  it.each([0, 3])('returns the last of it if the log forgot %s events', async (gone) => {
    await live(gone);
    await recordOn(gateway.log, 'local.a.2', events);
    expect(await told('/v1/slots/local.a.1/events?last=2')).toEqual(types.slice(-2));
    expect(await told('/v1/slots/local.a.1/events?last=1000')).toEqual(types);
    expect(await told('/v1/slots/local.a.1/events?last=1000&after=2')).toEqual(types.slice(2));
  });

  it('returns the last of it, though thousands of events of other slots are later', async () => {
    await live(3);
    const other = Array.from({ length: 10_000 }, () => anEvent('WentIdle'));
    await recordOn(gateway.log, 'local.a.2', [...past.live, ...other].slice(0, past.live.length));
    await gateway.log.forget('slot.local.a.2', 1);
    expect(await told('/v1/slots/local.a.1/events?last=3')).toEqual(types.slice(-3));
  });

  it('returns it in pages', async () => {
    await live(3);
    const first = await gateway.get('/v1/slots/local.a.1/events?limit=2');
    expect(first.body.events.map(({ sequence }: { sequence: number }) => sequence)).toEqual([1, 2]);
    const rest = `/v1/slots/local.a.1/events?limit=100&after=${first.body.next}`;
    expect(await told(rest)).toEqual(types.slice(2));
  });

  it('continues with the log if the archive lags behind', async () => {
    await recordOn(archive, 'local.a.1', events.slice(0, 4));
    await recordOn(gateway.log, 'local.a.1', events);
    expect(await told('/v1/slots/local.a.1/events?limit=100')).toEqual(types);
  });

  it('returns each event once if the archive goes on meanwhile', async () => {
    for (const log of [archive, gateway.log]) await recordOn(log, 'local.b.1', events);
    await recordOn(gateway.log, 'local.a.1', events);
    archive.meanwhile = () => recordOn(archive, 'local.a.1', events.slice(0, 4));
    expect(await told('/v1/slots/local.a.1/events?limit=100')).toEqual(types);
  });

  it('returns the events of the log if there is no archive', async () => {
    await live(3);
    archive.failure = new LogRefused(10059, 'stream not found');
    expect(await told('/v1/slots/local.a.1/events?limit=100')).toEqual(types.slice(3));
  });

  it('does not return a part of it while the archive cannot be reached', async () => {
    await live(3);
    archive.failure = new TransientError('JetStream does not answer');
    expect((await gateway.get('/v1/slots/local.a.1/events')).status).toBe(503);
  });

  it('answers 404 for a slot that neither log nor archive knows', async () => {
    expect((await gateway.get('/v1/slots/local.a.9/events')).status).toBe(404);
  });
});

describe('GET /v1/events', () => {
  it('continues after an event that the log has forgotten', async () => {
    await live(events.length);
    await gateway.record('local.a.2', past.cold);
    const response = await gateway.fetch('/v1/events?after=2');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes(`id: local:${events.length + 1}`)) text += (await reader?.read())?.value;
    const found = [...text.matchAll(/^id: local:(\d+)$/gm)].map(([, sequence]) => Number(sequence));
    expect(found).toEqual(Array.from({ length: events.length - 1 }, (_, index) => index + 3));
    await reader?.cancel();
  });
});
