/**
 * A lock that lets one process at a time use a folder, and the start times that distinguish
 * processes with the same id.
 */
export { birthOf, isAlive, parseBorn, type Born } from './birth.js';
export { acquireLock, LockHeld } from './lock.js';
