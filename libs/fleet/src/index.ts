export { contradictionIn, fleet, warmWanted } from './fleet.js';
export { fleetEvent } from './fleet.events.js';
export { fleetSize, fleetState } from './fleet.state.js';
export type * from './fleet.commands.js';
export type * from './fleet.events.js';
export type * from './fleet.state.js';
