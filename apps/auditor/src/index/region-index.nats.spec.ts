import {
  archiveStreamConfig,
  archiveStreamName,
  connectNats,
  ensureStream,
  slotStreamConfig,
  slotStreamName,
} from '#jetstream';
import type { StoredMessage } from '#kernel';
import { startNatsServer, type NatsServer } from '#nats-server';
import { createLogger, SystemClock } from '#service-runtime';
import { storedLog } from '#testing';
import { claimsRequest, slotsSubject, type IndexedClaim } from '#wire';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHistory } from '../open-history.js';
import { IndexFiles } from './index-files.js';
import { RegionIndex } from './region-index.js';

const REGION = 'eu';
const STREAM = slotStreamName(REGION);
const log: readonly StoredMessage[] = [...storedLog({ slots: 20, sessions: 10 })];
/** Where one of two writers stops, in the middle of sessions. */
const half = Math.floor(log.length / 2);

let server: NatsServer;
let connection: NatsConnection;
let manager: JetStreamManager;
let store: string;
let folder: string;
let indexes: RegionIndex[] = [];

beforeAll(async () => {
  store = mkdtempSync(join(tmpdir(), 'berth-index-nats-'));
  server = await startNatsServer({ dataDirectory: store });
  connection = await connectNats({ servers: server.url, name: 'test' });
  manager = await jetstreamManager(connection);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
  rmSync(store, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-index-'));
});
afterEach(async () => {
  for (const index of indexes) index.close();
  indexes = [];
  rmSync(folder, { recursive: true, force: true });
  for await (const name of manager.streams.names()) await manager.streams.delete(name);
});

/** Stores messages as their writers did. */
async function write(messages: readonly StoredMessage[]): Promise<void> {
  const client = jetstream(connection);
  for (const { subject, body, expected } of messages) {
    const expect = expected === null ? {} : { expect: { lastSubjectSequence: expected } };
    await client.publish(subject, body, expect);
  }
}

const openLog = () => ensureStream(connection, slotStreamConfig(REGION));

/** A log that can be deleted, as a store that is put back is another one. */
const openCopy = () =>
  manager.streams.add({ name: STREAM, subjects: [slotsSubject(REGION)], allow_direct: true });

function start(): RegionIndex {
  const clock = new SystemClock();
  const index = new RegionIndex(REGION, {
    files: new IndexFiles(folder, REGION),
    open: () => openHistory(REGION, connection, clock),
    ...{ clock, logger: createLogger('test', 'silent') },
  });
  indexes.push(index);
  index.start();
  return index;
}

async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((later) => setTimeout(later, 20));
}

async function read(index: RegionIndex, sequence: number): Promise<void> {
  await eventually(() => index.unbuiltBecause === null && index.state.readTo >= sequence);
}

function claimsIn(index: RegionIndex): readonly IndexedClaim[] {
  const answer = index.find(claimsRequest.parse({ limit: 1_000, everyAttempt: true }));
  if (answer.status !== 'claims') throw new Error(answer.message);
  return answer.claims;
}

const textOf = (message: StoredMessage | undefined) => Buffer.from(message?.body ?? []).toString();

describe('The index of a region', () => {
  it('has every claim of the log with its end, and follows what is written', async () => {
    await openLog();
    await write(log.slice(0, half));
    const index = start();
    await read(index, half);
    await write(log.slice(half));
    await read(index, log.length);
    const claims = claimsIn(index);
    expect(claims).toHaveLength(200);
    expect(new Set(claims.map(({ allocationId }) => allocationId)).size).toBe(200);
    const ends = claims.map(({ end }) => end?.by);
    expect(new Set(ends)).toEqual(
      new Set(['CallbackTimedOut', 'ExitedZero', 'DeallocationRequested']),
    );
    for (const { sequence, slot, end, requestedAt, acknowledgedAt } of claims) {
      const [claimed, ended] = [log[sequence - 1], log[(end?.sequence ?? 0) - 1]];
      expect([claimed?.subject, ended?.subject]).toEqual([`slot.${slot}`, `slot.${slot}`]);
      expect(textOf(claimed)).toContain('AllocationRequested');
      expect(textOf(ended)).toContain(`berth.slot.${end?.by}`);
      expect(end?.outcome).toBe(acknowledgedAt === null ? 'failed' : 'over');
      expect(end?.at).toBeGreaterThan(requestedAt);
    }
    await eventually(() => index.state.lagEvents === 0);
  });

  it('gives the same answers when it was deleted and built anew', async () => {
    await openLog();
    await ensureStream(connection, archiveStreamConfig(REGION, 90));
    await write(log);
    while ((await manager.streams.info(archiveStreamName(REGION))).state.last_seq < log.length);
    const first = start();
    await read(first, log.length);
    const before = claimsIn(first);
    first.close();
    // What the log has forgotten is read from the archive.
    await manager.streams.purge(STREAM, { filter: log[0]!.subject });
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'berth-index-'));
    const second = start();
    await read(second, log.length);
    expect(claimsIn(second)).toEqual(before);
    expect(second.rebuilds).toBe(0);
  });

  it('is built anew on demand, and answers meanwhile', async () => {
    await openLog();
    await write(log);
    const index = start();
    await read(index, log.length);
    const before = claimsIn(index);
    const built = index.state.built?.at ?? 0;
    index.rebuild();
    index.rebuild();
    expect(index.state.building).toMatchObject({ readTo: 0 });
    expect(claimsIn(index)).toEqual(before);
    await eventually(() => (index.state.built?.at ?? 0) > built);
    expect(claimsIn(index)).toEqual(before);
    expect(index.state.built?.events).toBe(log.length);
    expect(index.rebuilds).toBe(1);
    expect(readdirSync(folder).filter((name) => name.endsWith('.sqlite'))).toEqual(['eu.2.sqlite']);
  });

  it('goes on where it was, also with sessions that were under way', async () => {
    await openLog();
    await write(log.slice(0, half));
    const first = start();
    await read(first, half);
    first.close();
    await write(log.slice(half));
    const second = start();
    await read(second, log.length);
    expect(second.state.built?.events).toBe(half);
    const claims = claimsIn(second);
    second.close();
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'berth-index-'));
    const third = start();
    await read(third, log.length);
    expect(claimsIn(third)).toEqual(claims);
  });

  it.each([
    ['shorter', (other: readonly StoredMessage[]) => other.slice(0, half)],
    ['longer', (other: readonly StoredMessage[]) => other],
  ])('is thrown away if the log is another one, %s than it was', async (_, part) => {
    await openCopy();
    await write(log.slice(0, half + 10));
    const first = start();
    await read(first, half + 10);
    first.close();
    await manager.streams.delete(STREAM);
    await openCopy();
    const other = part([...storedLog({ slots: 21, sessions: 10 })]);
    await write(other);
    const second = start();
    await eventually(() => second.rebuilds === 1);
    await read(second, other.length);
    const slots = new Set(claimsIn(second).map(({ slot }) => slot));
    expect(slots.size).toBe(21);
  });

  it('is thrown away if the log goes back while it is followed', async () => {
    await openCopy();
    await write(log);
    const index = start();
    await read(index, log.length);
    await manager.streams.delete(STREAM);
    await openCopy();
    const other = [...storedLog({ slots: 3, sessions: 2 })];
    await write(other);
    await eventually(() => index.rebuilds > 0);
    await read(index, other.length);
    expect(claimsIn(index)).toHaveLength(6);
  }, 40_000);

  it('is built anew if its file is damaged', async () => {
    await openLog();
    await write(log);
    writeFileSync(join(folder, 'eu.7.sqlite'), 'no database. '.repeat(1_000));
    const index = start();
    await read(index, log.length);
    expect(claimsIn(index)).toHaveLength(200);
  });

  it('says that it is being built until it has read all, and waits for a log', async () => {
    const index = start();
    expect(index.find(claimsRequest.parse({}))).toMatchObject({
      status: 'refused',
      code: 'not-ready',
      message: 'the index of region eu is being built',
    });
    await openLog();
    await read(index, 0);
    expect(claimsIn(index)).toEqual([]);
    expect(index.state.lagEvents).toBe(0);
  });

  it('is not behind events that the log has removed', async () => {
    await openLog();
    await write(log);
    await manager.streams.purge(STREAM, { filter: log.at(-1)!.subject });
    const index = start();
    await eventually(() => index.state.built !== null);
    await eventually(() => index.state.lagEvents === 0);
    expect(index.state.readTo).toBeLessThan(log.length);
  });
});
