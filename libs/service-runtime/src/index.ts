export { ConfigInvalid, commonSettings, listOf, milliseconds, readConfig } from './config.js';
export { NestLog, createLogger, type Logger } from './logging.js';
export { isOrphaned, runService } from './run.js';
export { SystemRandom, SystemClock, elapsedNs } from './system.js';
export { version } from './version.js';
