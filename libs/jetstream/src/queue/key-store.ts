import { KeyStore, type StoredOutcome } from '#wire';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { keyStreamName } from '../streams/key-stream.js';
import { ANSWER_MS, eraseFrom, readBatch, readMessage, store } from './stored-messages.js';

/**
 * Keys on JetStream. They are read from the stream's leader: on another server, one that was added a
 * moment ago may be missing, as if it had been destroyed.
 */
export class JetStreamKeyStore extends KeyStore {
  private readonly stream: string;

  /** Sends nothing to the server. */
  constructor(
    private readonly connection: NatsConnection,
    region: string,
  ) {
    super();
    this.stream = keyStreamName(region);
  }

  add(subject: string, body: Uint8Array): Promise<number> {
    return store(this.connection, subject, body);
  }

  async at(sequence: number): Promise<Uint8Array | undefined> {
    return readMessage(await this.manager(), this.stream, { seq: sequence });
  }

  async last(subject: string): Promise<Uint8Array | undefined> {
    return readMessage(await this.manager(), this.stream, { last_by_subj: subject });
  }

  async list(filter: string, after: number, most: number): Promise<readonly StoredOutcome[]> {
    const options = { seq: after + 1, next_by_subj: filter, batch: most };
    return readBatch(await this.manager(), this.stream, options);
  }

  erase(sequence: number): Promise<void> {
    return eraseFrom(this.connection, this.stream, sequence);
  }

  private manager(): Promise<JetStreamManager> {
    return jetstreamManager(this.connection, { checkAPI: false, timeout: ANSWER_MS });
  }
}
