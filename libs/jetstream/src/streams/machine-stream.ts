import { endpoints, liveSubject } from '#wire';
import { historyStreamConfig } from './history-stream.js';
import type { SlotStreamConfig } from './stream.js';

export function machineStreamName(region: string): string {
  return `${endpoints.machine.stream}_${region}`;
}

/** The policies of a region's machines: the settings of the stream, each with its reason. */
export function machineStreamConfig(region: string, replicas = 1): SlotStreamConfig {
  const below = endpoints.machine.subject.below(region);
  return {
    ...historyStreamConfig(machineStreamName(region), replicas),
    // One subject is the history of one machine's policy.
    subjects: [endpoints.machine.subject.filter({ region })],
    max_msg_size: 65_536,
    // Allocators watch over core NATS.
    republish: { src: below, dest: liveSubject(below) },
  };
}
