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
import { slotsSubject } from '#wire';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A nats-server whose log of one region is written by a spec, with nobody else about. */
export class StoredRegion {
  readonly name = 'eu';
  readonly stream = slotStreamName(this.name);

  /** @param extraConfig lines of nats-server's configuration */
  static async start(extraConfig = ''): Promise<StoredRegion> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-stored-region-'));
    const server = await startNatsServer({ dataDirectory: folder, extraConfig });
    const connection = await connectNats({ servers: server.url, name: 'test' });
    return new StoredRegion(folder, server, connection, await jetstreamManager(connection));
  }

  private constructor(
    private readonly folder: string,
    private readonly server: NatsServer,
    readonly connection: NatsConnection,
    readonly manager: JetStreamManager,
  ) {}

  get url(): string {
    return this.server.url;
  }

  async openLog(): Promise<void> {
    await ensureStream(this.connection, slotStreamConfig(this.name));
  }

  async openArchive(): Promise<void> {
    await ensureStream(this.connection, archiveStreamConfig(this.name, 90));
  }

  /** A log in which one can delete, and which can be deleted. */
  async openCopy(): Promise<void> {
    const subjects = [slotsSubject(this.name)];
    await this.manager.streams.add({ name: this.stream, subjects, allow_direct: true });
  }

  /** Stores messages as their writers did: the server compares what each of them expected. */
  async store(messages: readonly StoredMessage[]): Promise<void> {
    const client = jetstream(this.connection);
    for (const { subject, body, expected, deduplicationId } of messages) {
      await client.publish(subject, body, {
        ...(expected !== null && { expect: { lastSubjectSequence: expected } }),
        ...(deduplicationId !== null && { msgID: deduplicationId }),
      });
    }
  }

  /** Resolves when the archive has all messages up to one. */
  async archived(sequence: number): Promise<void> {
    const archive = archiveStreamName(this.name);
    while ((await this.manager.streams.info(archive)).state.last_seq < sequence);
  }

  /** Deletes all streams. */
  async clear(): Promise<void> {
    const { streams } = this.manager;
    for await (const name of streams.names()) await streams.delete(name);
  }

  async stop(): Promise<void> {
    await this.connection.close();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
