export { Bus, type BusMessage, type Subscription } from './bus.js';
export { Chance } from './chance.js';
export { Clock, type Cancel } from './clock.js';
export {
  refusal,
  type Decider,
  type Decision,
  type Proposal,
  type Refusal,
  type Step,
} from './decider.js';
export {
  DeadlinePassed,
  ImpossibleEvent,
  NobodyListens,
  Trouble,
  Unparsable,
  messageOf,
} from './errors.js';
export {
  EventLog,
  LogRefused,
  readItem,
  type Append,
  type Codec,
  type Fact,
  type Follower,
  type Following,
  type LogItem,
  type ReadFrom,
  type Recorded,
  type SetAside,
  type Verdict,
} from './event-log.js';
export { decideBy, permits, type MachineState } from './law.js';
export { LogClock, type LogTime } from './log-clock.js';
export { settle, type Settled } from './settle.js';
