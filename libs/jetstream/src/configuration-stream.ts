import { DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { SlotStreamConfig } from './stream.js';

export function configurationStreamName(region: string): string {
  return `CONFIGURATIONS_${region}`;
}

/** A region's builds and build configurations: the settings of the stream, each with its reason. */
export function configurationStreamConfig(region: string, replicas = 1): SlotStreamConfig {
  return {
    name: configurationStreamName(region),
    // One subject is the history of one build configuration, or of one build.
    subjects: [`configuration.${region}.*`, `build.${region}.*`],
    storage: StorageType.File,
    num_replicas: replicas,
    retention: RetentionPolicy.Limits,
    // As with slots: whatever a limit in number, size or age removed could be a last word.
    max_msgs: -1,
    max_bytes: -1,
    max_age: 0,
    // People change them, and programs that build games do.
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: 1_024,
    // A state holds eight versions of 16 KiB, an event one more; JSON may write them longer.
    max_msg_size: 524_288,
    // Allocators and agents look on over core NATS. One pair of patterns is all there is.
    republish: { src: '>', dest: 'live.>' },
    allow_direct: true,
    // History is never edited.
    deny_delete: true,
  };
}
