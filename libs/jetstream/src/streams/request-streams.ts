import { endpoints } from '#wire';
import { DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { SlotStreamConfig } from './stream.js';

const HOUR_MS = 3_600_000;

/**
 * How much each stream may hold (bytes). nats-server reserves it when the stream is created, and
 * refuses a stream for which it has not so much left.
 */
export const BYTES_MAX = { requests: 67_108_864, outcomes: 268_435_456 } as const;

export function requestStreamName(region: string): string {
  return `${endpoints.request.stream}_${region}`;
}

/** A region's published requests: the settings of the stream, each with its reason. */
export function requestStreamConfig(
  region: string,
  replicas = 1,
  bytesMax: number = BYTES_MAX.requests,
): SlotStreamConfig {
  return {
    name: requestStreamName(region),
    subjects: [endpoints.request.subject.of({ region })],
    // A requester leaves once it has the acknowledgement: only what is on disk is acknowledged.
    storage: StorageType.File,
    num_replicas: replicas,
    // A settled request is removed; each request goes to one of the allocators.
    retention: RetentionPolicy.Workqueue,
    // One hour more than a request may wait, so that an allocator can record that it has expired.
    max_age: nanos(25 * HOUR_MS),
    // If there are too many, a new requester is refused; no older request is dropped.
    discard: DiscardPolicy.New,
    max_msgs: 100_000,
    max_bytes: bytesMax,
    max_msg_size: 1_048_576,
    // Longer than a publisher retries; after that the allocation id itself keeps a request from
    // being served twice.
    duplicate_window: nanos(120_000),
  };
}

export function outcomeStreamName(region: string): string {
  return `${endpoints.result.stream}_${region}`;
}

/** The outcomes of a region's requests: the settings of the stream, each with its reason. */
export function outcomeStreamConfig(
  region: string,
  replicas = 1,
  bytesMax: number = BYTES_MAX.outcomes,
): SlotStreamConfig {
  return {
    name: outcomeStreamName(region),
    subjects: [
      endpoints.result.subject.filter({ region }),
      endpoints.refusal.subject.filter({ region }),
      endpoints.setAside.subject.filter({ region }),
    ],
    storage: StorageType.File,
    num_replicas: replicas,
    retention: RetentionPolicy.Limits,
    // As long as an ended allocation is remembered.
    max_age: nanos(24 * HOUR_MS),
    // Only the last outcome of each id.
    max_msgs_per_subject: 1,
    // A storm of refusals removes the oldest outcomes; it must never fill the disk.
    discard: DiscardPolicy.Old,
    max_bytes: bytesMax,
    max_msg_size: 1_048_576,
    // Read by id, without a consumer.
    allow_direct: true,
  };
}
