import { DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { SlotStreamConfig } from './stream.js';

/** Histories that people write, and now and then a program: settings, each with its reason. */
export function historyStreamConfig(name: string, replicas: number): SlotStreamConfig {
  return {
    name,
    storage: StorageType.File,
    num_replicas: replicas,
    retention: RetentionPolicy.Limits,
    // As with slots: whatever a limit in number, size or age removed could be a last word.
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
