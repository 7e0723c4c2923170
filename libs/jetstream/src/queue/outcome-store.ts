import { OutcomeStore, type StoredOutcome } from '#wire';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { reachDirect } from '../connection/failures.js';
import { outcomeStreamName } from '../streams/request-streams.js';
import { readBatch, store } from './stored-messages.js';

/** The outcomes of requests, on JetStream. */
export class JetStreamOutcomeStore extends OutcomeStore {
  private readonly connection: NatsConnection;
  private readonly stream: string;

  /** Sends nothing to the server. */
  constructor(connection: NatsConnection, region: string) {
    super();
    this.connection = connection;
    this.stream = outcomeStreamName(region);
  }

  async record(subject: string, body: Uint8Array): Promise<void> {
    await store(this.connection, subject, body);
  }

  async last(subject: string): Promise<Uint8Array | undefined> {
    const manager = await jetstreamManager(this.connection, { checkAPI: false });
    const found = manager.direct.getMessage(this.stream, { last_by_subj: subject });
    return (await reachDirect(found, this.stream))?.data;
  }

  async list(
    filter: string,
    from: { readonly after: number } | { readonly at: number },
    most: number,
  ): Promise<readonly StoredOutcome[]> {
    const manager = await jetstreamManager(this.connection, { checkAPI: false });
    const start =
      'at' in from ? { start_time: new Date(from.at).toISOString() } : { seq: from.after + 1 };
    const options = { ...start, next_by_subj: filter, batch: most };
    return readBatch(manager, this.stream, options);
  }
}
