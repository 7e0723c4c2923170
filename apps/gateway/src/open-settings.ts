import { configurationStreamName, fleetStreamName, machineStreamName } from '#jetstream';
import type { Codec, EventLog, LogRecord } from '#kernel';
import {
  buildRecordCodec,
  configurationRecordCodec,
  fleetRecordCodec,
  machineRecordCodec,
} from '#wire';
import type { SettingLogs } from './api/audit/setting-logs.js';

type Open = <F extends LogRecord>(stream: string, codec: Codec<F>) => Promise<EventLog<F>>;

/** Opens the histories of a region's fleets, build configurations, builds and policies. */
export async function openSettings(region: string, open: Open): Promise<SettingLogs> {
  const configurations = configurationStreamName(region);
  return {
    fleet: await open(fleetStreamName(region), fleetRecordCodec),
    configuration: await open(configurations, configurationRecordCodec),
    build: await open(configurations, buildRecordCodec),
    machine: await open(machineStreamName(region), machineRecordCodec),
  };
}
