/** The kept log read again: whether it is sound, what was, and what would have been. Pure. */
export { keptLog, type KeptLog } from './verify/kept-log.js';
export { SlotReplay, type Messages } from './verify/slot-replay.js';
export type { KeptHead } from './verify/slot-heads.js';
export type { Remark, Replayed } from './verify/replayed.js';
export { Verification, type MessagePlace } from './verify/verification.js';
export {
  keptVerification,
  verificationReport,
  type KeptVerification,
  type VerificationReport,
} from './verify/verification.schema.js';
export { Choices } from './choice/choices.js';
export { tellChoice } from './choice/tell-choice.js';
export { AllocationHistory } from './story/allocation-story.js';
export { tellAllocation, tellGrounds, type Told } from './story/tell-allocation.js';
export { actionOf } from './story/action.js';
export { whoAsked } from './story/who-asked.js';
export { counted } from './story/words.js';
export { whyOf } from './story/why.js';
export { fleetAt, type FleetAt, type PastSlot, type SlotsWanted } from './past/fleet-at.js';
export type { PastSource } from './past/past-source.js';
export { fleetDiff, type FleetDiff } from './past/fleet-diff.js';
export { exportedLine, readLine, type ExportedMessage } from './export/exported-line.js';
export { exportedRow, type ExportedRow } from './export/exported-row.js';
export { selected, type Selected, type Selection } from './export/selection.js';
export { withoutSecrets } from './export/without-secrets.js';
export { DemandReader, type Demand } from './what-if/demand.js';
export { resized } from './what-if/fleet-size.js';
export { play, type WhatIf } from './what-if/play.js';
