import { endpoints, liveSubject } from '#wire';
import { historyStreamConfig } from './history-stream.js';
import type { SlotStreamConfig } from './stream.js';

export function fleetStreamName(region: string): string {
  return `${endpoints.fleet.stream}_${region}`;
}

/** The sizes of a region's fleets: the settings of the stream, each with its reason. */
export function fleetStreamConfig(region: string, replicas = 1): SlotStreamConfig {
  const below = endpoints.fleet.subject.below(region);
  return {
    ...historyStreamConfig(fleetStreamName(region), replicas),
    // One subject is the history of one fleet's size.
    subjects: [endpoints.fleet.subject.filter({ region })],
    max_msg_size: 65_536,
    // Allocators watch over core NATS.
    republish: { src: below, dest: liveSubject(below) },
  };
}
