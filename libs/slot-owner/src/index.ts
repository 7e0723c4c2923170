/** What every program that owns slots has in common: who it is, that it lives, what it sees. */
export { readJson, readText, writeInPlace, writeWhole } from './files.js';
export { Heartbeat } from './heartbeat.js';
export { identify, type Identity } from './identity.js';
export { FolderTaken, lockFolder } from './folder-lock.js';
export { watchPatiently } from './patient-watch.js';
export { Reporter } from './reporter.js';
export { isShown } from './shown.js';
