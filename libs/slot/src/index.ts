export {
  allocationOf,
  canRun,
  isAwaiting,
  isOffered,
  isWarm,
  nextDeadline,
  runOf,
  slot,
  statusOf,
  withheldUntil,
  type SlotStatus,
} from './slot.js';
export { firstDifference } from './slot.audit.js';
export { endsAllocation } from './slot.ends.js';
export { slotMachine } from './slot.machine.js';
export { exitInWords } from './slot.exits.js';
export { CHECKS, endOutcome, LAST_LINE_MAX, UNNAMED } from './slot.parts.js';
export {
  DEFAULT_PROJECT,
  fullId,
  plainId,
  projectName,
  projectOf,
  servesProject,
} from './slot.projects.js';
export { reportedCause, slotReport } from './slot.commands.js';
export { withoutShownOffer } from './slot.report.js';
export { slotEvent } from './slot.events.js';
export { shortEvent, shortState, wholeEvent, wholeState } from './slot.shorthand.js';
export { allocation, blank, slotState } from './slot.state.js';
export type * from './slot.commands.js';
export { ASKED_LENGTH_MAX, asked, grounds } from './slot.grounds.js';
export type * from './slot.events.js';
export type * from './slot.grounds.js';
export type * from './slot.parts.js';
export type * from './slot.state.js';
