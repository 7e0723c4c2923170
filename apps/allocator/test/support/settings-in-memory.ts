import type { Clock } from '#kernel';
import { MemoryBuildFiles, MemoryEventLog } from '#memory';
import {
  buildRecordCodec,
  configurationRecordCodec,
  fleetRecordCodec,
  machineRecordCodec,
} from '#wire';

/** In-memory logs of settings and builds, for tests about something else. */
export function settingsInMemory(clock: Clock) {
  return {
    fleets: new MemoryEventLog(fleetRecordCodec, { clock }),
    machines: new MemoryEventLog(machineRecordCodec, { clock }),
    configurations: new MemoryEventLog(configurationRecordCodec, { clock }),
    builds: new MemoryEventLog(buildRecordCodec, { clock }),
    files: new MemoryBuildFiles(),
  };
}
