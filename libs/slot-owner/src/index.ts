/** What every program that owns slots has in common: who it is, that it lives, what it sees. */
export { birthOf, isAlive, parseBorn, type Born } from './birth.js';
export { readJson, readText, writeInPlace, writeWhole } from './files.js';
export { Heartbeat } from './heartbeat.js';
export { identify, type Identity } from './identity.js';
export { FolderTaken, lockFolder } from './lock.js';
export { watchPatiently, type Patience } from './patient-watch.js';
export { PAUSES_MS, Reporter } from './reporter.js';
export { isShown } from './shown.js';
