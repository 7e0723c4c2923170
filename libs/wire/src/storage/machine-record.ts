import { machineEvent, machineState, type MachineEvent, type MachineState } from '#machine';
import { cloudEventCodec } from './cloud-event.js';
import type { EventRecord } from './event-record.js';

/** What happened to a machine's policy, and the state it led to. */
export type MachineRecord = EventRecord<MachineEvent, MachineState>;

export const machineRecordCodec = cloudEventCodec<MachineEvent, MachineState>(
  'berth.machine.',
  machineEvent,
  machineState,
);
