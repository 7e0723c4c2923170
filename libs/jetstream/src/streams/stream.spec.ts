import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNatsServer, type NatsServer } from '#nats-server';
import {
  jetstreamManager,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveStreamConfig } from './archive-stream.js';
import { connectNats } from '../connection/connect.js';
import { keyStreamConfig } from './key-stream.js';
import { ensureStream, slotStreamConfig, StreamDiffers } from './stream.js';

let dataDirectory: string;
let server: NatsServer;
let connection: NatsConnection;
let manager: JetStreamManager;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'berth-stream-'));
  server = await startNatsServer({ dataDirectory });
  connection = await connectNats({ servers: server.url, name: 'stream' });
  manager = await jetstreamManager(connection);
});

afterAll(async () => {
  await connection.close();
  await server.kill();
  await rm(dataDirectory, { recursive: true, force: true });
});

async function configOf(stream: string): Promise<StreamConfig> {
  return (await manager.streams.info(stream)).config;
}

describe("A region's stream", () => {
  it('is created as documented', async () => {
    const config = slotStreamConfig('made');
    await ensureStream(connection, config);
    expect(await configOf('SLOTS_made')).toMatchObject(config);
  });

  it('keeps every last event, and ids for as long as an allocator may lag', () => {
    const { max_msgs, max_bytes, max_age, duplicate_window } = slotStreamConfig('numbers');
    const limits = { max_msgs, max_bytes, max_age };
    expect(limits).toEqual({ max_msgs: -1, max_bytes: -1, max_age: 0 });
    // An allocator that has not heard the log for 2 s makes no claims; a request may be repeated
    // for much longer.
    expect(duplicate_window).toBe(120_000 * 1_000_000);
  });

  it('is left alone if its settings are right', async () => {
    const config = slotStreamConfig('again');
    await ensureStream(connection, config);
    const before = await configOf('SLOTS_again');
    await ensureStream(connection, config);
    expect(await configOf('SLOTS_again')).toEqual(before);
  });

  it('is created once by many that connect together', async () => {
    const config = slotStreamConfig('together');
    await Promise.all(Array.from({ length: 8 }, () => ensureStream(connection, config)));
    expect(await configOf('SLOTS_together')).toMatchObject({ name: 'SLOTS_together' });
  });

  it('gets its settings updated, and keeps its messages', async () => {
    const { republish: _, ...older } = slotStreamConfig('older', { messagesPerSlotMax: 10 });
    const rest = { max_age: 60_000_000_000, duplicate_window: 1e9, allow_rollup_hdrs: true };
    await manager.streams.add({ ...older, ...rest });
    await connection.request('slot.older.one.a', '{}');
    const config = slotStreamConfig('older');
    await ensureStream(connection, config);
    const { state, config: adjusted } = await manager.streams.info(config.name);
    expect(adjusted).toMatchObject({
      max_msgs_per_subject: 4_096,
      republish: config.republish,
      duplicate_window: config.duplicate_window,
    });
    expect(adjusted.max_age || 0).toBe(0);
    expect(adjusted.allow_rollup_hdrs || false).toBe(false);
    expect(state.messages).toBe(1);
  });

  it.each<[keyof StreamConfig, Partial<StreamConfig>]>([
    ['storage', { storage: StorageType.Memory }],
    ['subjects', { subjects: ['slot.elsewhere.*.*'] }],
    ['deny_purge', { deny_purge: true }],
  ])('is refused if it exists with another %s', async (setting, other) => {
    const config = slotStreamConfig(`other-${setting}`);
    const { republish: _, ...rest } = config;
    await manager.streams.add({ ...rest, ...other });
    await expect(ensureStream(connection, config)).rejects.toThrow(
      new StreamDiffers(config.name, [setting]),
    );
    await manager.streams.delete(config.name);
  });

  it('forbids the deletion of messages', async () => {
    await ensureStream(connection, slotStreamConfig('kept'));
    await connection.request('slot.kept.one.a', '{}');
    await expect(manager.streams.deleteMessage('SLOTS_kept', 1)).rejects.toThrow();
  });

  it('is not created with replicas on a single server', async () => {
    const config = slotStreamConfig('copies', { replicas: 3 });
    await expect(ensureStream(connection, config)).rejects.toThrow();
  });
});

describe("A region's keys", () => {
  // 32.02 days are no whole number of nanoseconds in floating point, which nats-server does not read.
  it.each([30, 2.02])('are kept for %d days and a month', async (days) => {
    const config = keyStreamConfig(`keys-${String(days).replace('.', '-')}`, days);
    await ensureStream(connection, config);
    const { max_age } = await configOf(config.name);
    expect(max_age / 1e9 / 86_400).toBeCloseTo(days + 30, 6);
  });
});

describe("A region's archive", () => {
  it('is created as documented, beside a log that already exists', async () => {
    await ensureStream(connection, slotStreamConfig('kept-long'));
    await connection.request('slot.kept-long.one.a', '{"old":true}');
    const config = archiveStreamConfig('kept-long', 90);
    await ensureStream(connection, config);
    expect(await configOf(config.name)).toMatchObject(config);
    await hasMessages(config.name, 1);
  });

  it('keeps its events when its retention is changed', async () => {
    await ensureStream(connection, slotStreamConfig('days'));
    await ensureStream(connection, archiveStreamConfig('days', 90));
    await connection.request('slot.days.one.a', '{}');
    await hasMessages('ARCHIVE_days', 1);
    await ensureStream(connection, archiveStreamConfig('days', 30));
    const { state, config } = await manager.streams.info('ARCHIVE_days');
    expect(config.max_age).toBe(30 * 86_400 * 1e9);
    expect(state.messages).toBe(1);
  });

  it('is refused if a stream of its name is not a copy of the log', async () => {
    await ensureStream(connection, slotStreamConfig('other'));
    const { mirror: _, ...rest } = archiveStreamConfig('other', 90);
    await manager.streams.add({ ...rest, subjects: ['elsewhere.>'] });
    const config = archiveStreamConfig('other', 90);
    await expect(ensureStream(connection, config)).rejects.toThrow(
      new StreamDiffers(config.name, ['mirror']),
    );
  });

  it('forbids deletion', async () => {
    await ensureStream(connection, slotStreamConfig('sealed'));
    await ensureStream(connection, archiveStreamConfig('sealed', 90));
    await connection.request('slot.sealed.one.a', '{}');
    await hasMessages('ARCHIVE_sealed', 1);
    await expect(manager.streams.deleteMessage('ARCHIVE_sealed', 1)).rejects.toThrow();
    await expect(manager.streams.purge('ARCHIVE_sealed')).rejects.toThrow();
  });
});

/** Waits, because the archive is a moment behind the log. */
async function hasMessages(stream: string, count: number): Promise<void> {
  while ((await manager.streams.info(stream)).state.messages < count);
}
