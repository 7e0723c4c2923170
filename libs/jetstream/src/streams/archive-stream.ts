import { StorageType, StoreCompression } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { slotStreamName, type SlotStreamConfig } from './stream.js';

const DAY_MS = 86_400_000;

export function archiveStreamName(region: string): string {
  return `ARCHIVE_${region}`;
}

/**
 * The whole history of a region's slots, kept for `days` days: the stream's settings, with reasons.
 */
export function archiveStreamConfig(region: string, days: number, replicas = 1): SlotStreamConfig {
  return {
    name: archiveStreamName(region),
    // A mirror keeps the sequences and dates, and keeps what its origin forgets. A sourced stream
    // would have its own sequences, and treat messages that arrive close together when it catches
    // up as duplicates.
    mirror: { name: slotStreamName(region) },
    storage: StorageType.File,
    num_replicas: replicas,
    // A slot's last event is in the slots' own stream, so here age may remove anything.
    max_age: nanos(days * DAY_MS),
    // Each event repeats the state that the event before it led to, so compression pays.
    compression: StoreCompression.S2,
    allow_direct: true,
    // Nothing in the archive is ever edited, and nobody needs to remove anything.
    deny_delete: true,
    deny_purge: true,
  };
}
