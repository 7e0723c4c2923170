import { fleetEvent, fleetState, type FleetEvent, type FleetState } from '#fleet';
import { cloudEventCodec } from './cloud-event.js';
import type { EventRecord } from './event-record.js';

/** One message of the fleets' log: what happened to a fleet, and the state it led to. */
export type FleetRecord = EventRecord<FleetEvent, FleetState>;

export const fleetRecordCodec = cloudEventCodec<FleetEvent, FleetState>(
  'berth.fleet.',
  fleetEvent,
  fleetState,
);
