/**
 * What all programs that own slots share: identity, data folder, heartbeat, reconciler and reports.
 */
export { PayloadReader } from './payload-reader.js';
export { readJson, readText, writeInPlace, writeWhole } from './files.js';
export { FolderTaken, lockFolder } from './folder-lock.js';
export { Heartbeat, loginIn, type MachineState } from './heartbeat.js';
export { identify, type Identity } from './identity.js';
export { openOwner } from './open-owner.js';
export { OwnerReadiness } from './owner-readiness.js';
export { Reconciler } from './reconciler.js';
export { watchPatiently } from './patient-watch.js';
export { Reporter } from './reporter.js';
export { isShown } from './shown.js';
export { SlotWatch } from './slot-watch.js';
