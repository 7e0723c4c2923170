import { StorageType, StoreCompression } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { slotStreamName, type SlotStreamConfig } from './stream.js';

const DAY_MS = 86_400_000;

export function archiveStreamName(region: string): string {
  return `ARCHIVE_${region}`;
}

/** The whole history of a region's slots, for so many days: the stream's settings, with reasons. */
export function archiveStreamConfig(region: string, days: number, replicas = 1): SlotStreamConfig {
  return {
    name: archiveStreamName(region),
    // A mirror keeps sequences and dates, and what its origin forgets. A stream that is sourced has
    // sequences of its own, and takes for duplicates what comes close together when it catches up.
    mirror: { name: slotStreamName(region) },
    storage: StorageType.File,
    num_replicas: replicas,
    // The last word on a slot is in the slots' own stream, so here time may take everything.
    max_age: nanos(days * DAY_MS),
    // Each event repeats the state that the one before it led to.
    compression: StoreCompression.S2,
    allow_direct: true,
    // Nothing in here is ever edited, and nobody needs to remove anything.
    deny_delete: true,
    deny_purge: true,
  };
}
