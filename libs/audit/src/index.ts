/** The kept log read again: whether it is sound. Pure functions over its events. */
export { keptLog, type KeptLog } from './verify/kept-log.js';
export { Verification } from './verify/verification.js';
export {
  keptVerification,
  verificationReport,
  type KeptVerification,
  type VerificationReport,
} from './verify/verification.schema.js';
export { whyOf } from './story/why.js';
