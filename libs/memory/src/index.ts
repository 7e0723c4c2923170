/** The ports within one process, for tests and the simulator: nothing else of Berth uses them. */
export { MemoryBuildFiles } from './build-files.js';
export { MemoryBus } from './bus.js';
export { SeededRandom } from './random.js';
export { ManualClock } from './clock.js';
export { MemoryEventLog } from './event-log.js';
export { MemoryKeyStore } from './key-store.js';
export { MemoryOutcomeStore, MemoryRequestQueue } from './request-queue.js';
