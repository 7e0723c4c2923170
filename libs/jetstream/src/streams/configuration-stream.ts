import { endpoints, liveSubject } from '#wire';
import { historyStreamConfig } from './history-stream.js';
import type { SlotStreamConfig } from './stream.js';

export function configurationStreamName(region: string): string {
  return `${endpoints.configuration.stream}_${region}`;
}

/** A region's builds and build configurations: the settings of the stream, each with its reason. */
export function configurationStreamConfig(region: string, replicas = 1): SlotStreamConfig {
  return {
    ...historyStreamConfig(configurationStreamName(region), replicas),
    // One subject is the history of one build configuration, or of one build.
    subjects: [
      endpoints.configuration.subject.filter({ region }),
      endpoints.build.subject.filter({ region }),
    ],
    // A state holds eight versions of 16 KiB, an event one more; as JSON they may be longer.
    max_msg_size: 524_288,
    // Allocators and agents watch over core NATS. Only one pair of patterns is possible.
    republish: { src: '>', dest: liveSubject('>') },
  };
}
