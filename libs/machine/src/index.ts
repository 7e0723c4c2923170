export { machine, REFUSAL_NOTED_MS } from './machine.js';
export { machineEvent } from './machine.events.js';
export { machinePolicy, machineState, refusedRegistration } from './machine.state.js';
export type * from './machine.commands.js';
export type * from './machine.events.js';
export type * from './machine.state.js';
