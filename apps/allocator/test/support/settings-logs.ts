import type { Clock } from '#kernel';
import { MemoryEventLog } from '#memory';
import { buildRecordCodec, configurationRecordCodec, fleetRecordCodec } from '#wire';

/** Where an allocator records what operators set, for tests of which that is not the matter. */
export function settingsLogs(clock: Clock) {
  return {
    fleets: new MemoryEventLog(fleetRecordCodec, { clock }),
    configurations: new MemoryEventLog(configurationRecordCodec, { clock }),
    builds: new MemoryEventLog(buildRecordCodec, { clock }),
  };
}
