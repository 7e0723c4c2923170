import { DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { SlotStreamConfig } from './stream.js';

export function fleetStreamName(region: string): string {
  return `FLEETS_${region}`;
}

/** The sizes of a region's fleets: the settings of the stream, each with its reason. */
export function fleetStreamConfig(region: string, replicas = 1): SlotStreamConfig {
  return {
    name: fleetStreamName(region),
    // fleet.<region>.<fleet>: one subject is the history of one fleet's size.
    subjects: [`fleet.${region}.*`],
    storage: StorageType.File,
    num_replicas: replicas,
    retention: RetentionPolicy.Limits,
    // As with slots: whatever a limit in number, size or age removed could be a fleet's last word.
    max_msgs: -1,
    max_bytes: -1,
    max_age: 0,
    // People change sizes, now and then a program does.
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: 1_024,
    max_msg_size: 65_536,
    // Allocators look on over core NATS.
    republish: { src: `fleet.${region}.>`, dest: `live.fleet.${region}.>` },
    allow_direct: true,
    // History is never edited.
    deny_delete: true,
  };
}
