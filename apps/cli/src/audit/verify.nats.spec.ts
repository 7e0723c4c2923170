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
import { storedLog } from '#testing';
import { slotsSubject } from '#wire';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from '../program.js';

const REGION = 'eu';
const STREAM = slotStreamName(REGION);
const log: readonly StoredMessage[] = [...storedLog({ slots: 20, sessions: 10 })];
const at = Math.floor(log.length / 2);

let folder: string;
let server: NatsServer;
let connection: NatsConnection;
let manager: JetStreamManager;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-audit-'));
  server = await startNatsServer({ dataDirectory: folder });
  connection = await connectNats({ servers: server.url, name: 'test' });
  manager = await jetstreamManager(connection);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => void (process.exitCode = undefined));
afterEach(async () => {
  process.exitCode = undefined;
  for await (const name of manager.streams.names()) await manager.streams.delete(name);
});

/** Stores messages as their writers did: the server compares what each of them expected. */
async function store(messages: readonly StoredMessage[]): Promise<void> {
  const client = jetstream(connection);
  for (const { subject, body, expected, deduplicationId } of messages) {
    const options = {
      ...(expected !== null && { expect: { lastSubjectSequence: expected } }),
      ...(deduplicationId !== null && { msgID: deduplicationId }),
    };
    await client.publish(subject, body, options);
  }
}

/** A copy of the log in which one can delete. */
const openCopy = () =>
  manager.streams.add({ name: STREAM, subjects: [slotsSubject(REGION)], allow_direct: true });

async function verify(...words: readonly string[]) {
  const printed: string[] = [];
  const typed = ['audit', 'verify', '--region', REGION, '--nats', server.url, ...words];
  await program((text) => printed.push(text)).parseAsync(typed, { from: 'user' });
  return { printed: printed.join('\n'), exitCode: process.exitCode };
}

describe('berth audit verify', () => {
  it('finds a log sound, also the part that only the archive has', async () => {
    await ensureStream(connection, slotStreamConfig(REGION));
    await ensureStream(connection, archiveStreamConfig(REGION, 90));
    await store(log);
    while ((await manager.streams.info(archiveStreamName(REGION))).state.last_seq < log.length);
    await manager.streams.purge(STREAM, { filter: log[0]!.subject });
    const { printed, exitCode } = await verify();
    expect(printed).toMatch(
      new RegExp(
        `^sound: ${log.length.toLocaleString('en')} events of 20 slots, 1 to ${log.length}`,
      ),
    );
    expect(exitCode).toBeUndefined();
  });

  it('names an event of which one byte was changed', async () => {
    await openCopy();
    const changed = log.map((message, index) => {
      if (index !== at) return message;
      const id = Buffer.from(message.body).indexOf('"id":"') + '"id":"'.length;
      return { ...message, body: message.body.with(id, 'X'.charCodeAt(0)) };
    });
    await store(changed);
    const { printed, exitCode } = await verify();
    expect(printed).toContain(`WRONG: 1 of ${log.length.toLocaleString('en')} events`);
    expect(printed).toMatch(new RegExp(`^${at + 1} +eu\\.\\S+ +is not what was written`, 'm'));
    expect(exitCode).toBe(1);
  });

  it('names an event that was dropped', async () => {
    await openCopy();
    await store(log);
    await manager.streams.deleteMessage(STREAM, at + 1);
    const { printed, exitCode } = await verify();
    expect(printed).toContain('WRONG: 1 of');
    expect(printed).toMatch(new RegExp(`^${at + 1} +eu\\.\\S+ +is missing: `, 'm'));
    expect(exitCode).toBe(1);
  });

  it('names two events that were swapped', async () => {
    await openCopy();
    const one = log[at]!;
    const other = log.find(({ subject, sequence }) => {
      return subject === one.subject && sequence > one.sequence;
    })!;
    await store(
      log.map((message) => {
        if (message === one) return { ...message, body: other.body };
        return message === other ? { ...message, body: one.body } : message;
      }),
    );
    const { findings } = JSON.parse((await verify('--json')).printed);
    expect(findings.map(({ sequence }: { sequence: number }) => sequence)).toEqual([
      one.sequence,
      other.sequence,
    ]);
    expect(process.exitCode).toBe(1);
  });

  it('goes on where it ended, and knows another log', async () => {
    const note = ['--resume', join(folder, 'note.json')];
    await openCopy();
    await store(log.slice(0, at));
    expect((await verify(...note)).printed).toContain(`1 to ${at}`);
    await store(log.slice(at));
    expect((await verify(...note)).printed).toContain(`sound: ${log.length.toLocaleString('en')} `);
    await manager.streams.delete(STREAM);
    await openCopy();
    await store([...storedLog({ slots: 21, sessions: 10 })]);
    await expect(verify(...note)).rejects.toThrow(`at ${log.length} stands another event`);
    await writeFile(join(folder, 'note.json'), '{}');
    await expect(verify(...note)).rejects.toThrow('is no note of a verification');
  });

  it('fails where the region has no log', async () => {
    await expect(verify()).rejects.toThrow('region eu has no log');
    await openCopy();
    expect((await verify()).printed).toContain('sound: 0 events');
  });
});
