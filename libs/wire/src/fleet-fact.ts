import type { FleetEvent, FleetState } from '#fleet';
import { cloudEventCodec, type EventFact } from './cloud-event.js';
import { fleetEvent, fleetState } from './fleet.schema.js';

/** One message of the fleets' log: what happened to a fleet, and the state it led to. */
export type FleetFact = EventFact<FleetEvent, FleetState>;

export const fleetFactCodec = cloudEventCodec<FleetEvent, FleetState>(
  'berth.fleet.',
  fleetEvent,
  fleetState,
);
