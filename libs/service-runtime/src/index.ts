export { ConfigInvalid, commonSettings, readConfig } from './config.js';
export { connectService } from './connect-service.js';
export { describeSettings, type SettingDescription } from './describe-settings.js';
export { NestLog, createLogger, type Logger } from './logging.js';
export { natsAddressOf, natsSettings } from './nats-settings.js';
export { isOrphaned, runMain, runService, WAITS } from './run.js';
export { listOf, milliseconds, path, yesOrNo } from './settings.js';
export { SystemRandom, SystemClock, elapsedNs } from './system.js';
export { version } from './version.js';
