/** For specs and simulations: examples, samples and random lives. Never part of a service. */
export { granted } from './allocation-samples.js';
export { TestAuthority } from './certificates.js';
export { freePort } from './free-port.js';
export { given } from './given.js';
export { aLife, type Life, type Turn } from './slot-lives.js';
export {
  EVENT_TYPES,
  START,
  aProcess,
  aReport,
  aRequest,
  aSession,
  anAllocation,
  anEvent,
  anOffer,
  assign,
  deallocate,
  direct,
  expire,
  loseAgent,
  past,
  reported,
  setWarmth,
  someLimits,
} from './slot-samples.js';
export { storedLog } from './stored-log.js';
export { WrongClock } from './wrong-clock.js';
