import { historyStreamConfig } from './history-stream.js';
import type { SlotStreamConfig } from './stream.js';

export function fleetStreamName(region: string): string {
  return `FLEETS_${region}`;
}

/** The sizes of a region's fleets: the settings of the stream, each with its reason. */
export function fleetStreamConfig(region: string, replicas = 1): SlotStreamConfig {
  return {
    ...historyStreamConfig(fleetStreamName(region), replicas),
    // fleet.<region>.<fleet>: one subject is the history of one fleet's size.
    subjects: [`fleet.${region}.*`],
    max_msg_size: 65_536,
    // Allocators look on over core NATS.
    republish: { src: `fleet.${region}.>`, dest: `live.fleet.${region}.>` },
  };
}
