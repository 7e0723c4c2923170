import { DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { SlotStreamConfig } from './stream.js';

/** Settings, each with its reason, of histories that people, and now and then programs, write. */
export function historyStreamConfig(name: string, replicas: number): SlotStreamConfig {
  return {
    name,
    storage: StorageType.File,
    num_replicas: replicas,
    retention: RetentionPolicy.Limits,
    // As with slots: a limit on number, size or age could remove the last event of a subject.
    max_msgs: -1,
    max_bytes: -1,
    max_age: 0,
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: 1_024,
    allow_direct: true,
    // History is never edited.
    deny_delete: true,
  };
}
