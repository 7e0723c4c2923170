import { machineEvent, machineState, type MachineEvent, type MachineState } from '#machine';
import { cloudEventCodec, type EventRecord } from './cloud-event.js';

/** What happened to a machine's policy, and the state it led to. */
export type MachineRecord = EventRecord<MachineEvent, MachineState>;

export const machineRecordCodec = cloudEventCodec<MachineEvent, MachineState>(
  'berth.machine.',
  machineEvent,
  machineState,
);
