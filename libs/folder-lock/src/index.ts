/** One process at a time on a folder, and how a process is told from a later one with its id. */
export { birthOf, isAlive, parseBorn, type Born } from './birth.js';
export { acquireLock, LockHeld } from './lock.js';
