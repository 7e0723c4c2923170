export {
  ConfigInvalid,
  commonSettings,
  listOf,
  milliseconds,
  path,
  readConfig,
  yesOrNo,
} from './config.js';
export { describeSettings, type SettingDescription } from './describe-settings.js';
export { NestLog, createLogger, type Logger } from './logging.js';
export { isOrphaned, runMain, runService, WAITS } from './run.js';
export { SystemRandom, SystemClock, elapsedNs } from './system.js';
export { version } from './version.js';
