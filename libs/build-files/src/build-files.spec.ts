import { JetStreamBuildFiles } from '#build-files';
import {
  configurationStreamConfig,
  connectNats,
  ensureStream,
  JetStreamEventLog,
} from '#jetstream';
import { MemoryBuildFiles } from '#memory';
import { startNatsServer, type NatsServer } from '#nats-server';
import { SystemClock } from '#service-runtime';
import { endpoints, buildRecordCodec, FileDamaged, FileMissing, type BuildFiles } from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const clock = new SystemClock();
const content = randomBytes(1_300_000);
const digest = createHash('sha256').update(content).digest('hex');

let directory: string;
let server: NatsServer;
let connection: NatsConnection;
const stores = new Map<string, BuildFiles>([['memory', new MemoryBuildFiles()]]);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'berth-files-'));
  server = await startNatsServer({ dataDirectory: directory });
  connection = await connectNats({ servers: server.url, name: 'files' });
  stores.set('JetStream', await JetStreamBuildFiles.open(connection, 'eu', clock));
});
afterAll(async () => {
  await connection.close();
  await server.kill();
  await rm(directory, { recursive: true, force: true });
});

async function* pieces(bytes: Uint8Array, size = 100_000) {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

async function whole(store: BuildFiles, name = digest): Promise<Buffer> {
  const taken: Uint8Array[] = [];
  for await (const piece of store.get(name)) taken.push(piece);
  return Buffer.concat(taken);
}

describe.each(['memory', 'JetStream'])('The files of builds in %s', (kind) => {
  const store = () => stores.get(kind)!;

  it('are stored under the digest of their content, and returned unchanged', async () => {
    expect(await store().has(digest)).toBe(false);
    const seen: number[] = [];
    await store().put(digest, pieces(content), (bytes) => seen.push(bytes));
    expect(seen.at(-1)).toBe(content.length);
    expect(await store().has(digest)).toBe(true);
    expect((await whole(store())).equals(content)).toBe(true);
  });

  it('may be empty', async () => {
    const empty = createHash('sha256').digest('hex');
    await store().put(empty, pieces(new Uint8Array()));
    expect(await whole(store(), empty)).toHaveLength(0);
  });

  it('are not stored under another digest', async () => {
    const other = 'f'.repeat(64);
    await expect(store().put(other, pieces(content))).rejects.toThrow(FileDamaged);
    expect(await store().has(other)).toBe(false);
    await expect(whole(store(), other)).rejects.toThrow(FileMissing);
  });

  it('are gone after deletion, which may be repeated', async () => {
    await store().delete(digest);
    await store().delete(digest);
    expect(await store().has(digest)).toBe(false);
    await expect(whole(store())).rejects.toThrow(FileMissing);
  });
});

describe('The log of builds', () => {
  it('is repeated to every follower', async () => {
    const config = configurationStreamConfig('eu');
    await ensureStream(connection, config);
    await ensureStream(connection, config);
    const log = await JetStreamEventLog.open(connection, {
      stream: config.name,
      codec: buildRecordCodec,
      clock,
    });
    const seen = new EventTarget();
    const heard = once(seen, 'heard');
    const watching = await log.watch(endpoints.build.subject.filter({ region: 'eu' }), {
      receive: () => seen.dispatchEvent(new Event('heard')),
    });
    const pushed = { manifest: digest, files: 1, bytes: 2, at: clock.now(), version: 1 };
    const event = { type: 'BuildPushed', ...pushed, reason: '', by: 'test' } as const;
    const state = { version: 1, versions: [{ ...pushed, by: 'test' }] };
    const record = { id: 'first', source: 'test', event, state };
    const subject = endpoints.build.subject.of({ region: 'eu', name: 'harbour' });
    expect(await log.append({ subject, expected: 0, record })).toMatchObject({ kind: 'stored' });
    await heard;
    watching.close();
  });
});
