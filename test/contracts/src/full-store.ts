import { jetstream, jetstreamManager, JetStreamApiError, StorageType } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** The name of the stream that fills the store, and of its folder. */
export const FILLER = 'FILLER';

/** Sizes of what is stored to fill a store (bytes): the last step leaves no room for anything. */
const STEP_BYTES = [4_194_304, 65_536, 1_024, 1] as const;

/** JetStream's code for a stream that does not exist. */
const NO_STREAM = 10059;

/** nats-server's configuration of a store that holds no more than `maxBytes`. */
export function limitedStore(dataDirectory: string, maxBytes: number): string {
  const store = `store_dir: ${JSON.stringify(dataDirectory)}, max_file_store: ${maxBytes}`;
  return `jetstream { ${store}, sync_interval: always }`;
}

/** A stream of somebody else that uses up the storage of nats-server. */
export class Filler {
  constructor(
    private readonly connection: NatsConnection,
    private readonly replicas = 1,
  ) {}

  /** Resolves when the server refuses to store a single byte more. */
  async fill(): Promise<void> {
    const manager = await jetstreamManager(this.connection);
    await manager.streams.add({
      ...{ name: FILLER, subjects: ['filler'] },
      ...{ storage: StorageType.File, num_replicas: this.replicas },
    });
    for (const bytes of STEP_BYTES) while (await this.isStored(new Uint8Array(bytes)));
  }

  /** Whether the server refuses to store a single byte; throws if it does not answer. */
  async isFull(): Promise<boolean> {
    return !(await this.isStored(new Uint8Array(1)));
  }

  /** Removes all of it. */
  async empty(): Promise<void> {
    const manager = await jetstreamManager(this.connection);
    try {
      await manager.streams.delete(FILLER);
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== NO_STREAM) throw error;
    }
  }

  /** False if the server refuses. */
  private async isStored(body: Uint8Array): Promise<boolean> {
    try {
      await jetstream(this.connection).publish('filler', body);
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError) return false;
      throw error;
    }
  }
}
