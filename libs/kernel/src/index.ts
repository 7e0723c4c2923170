export {
  Bus,
  type BusMessage,
  type Carried,
  type SubscribeOptions,
  type Subscription,
} from './bus.js';
export { printable, printableLines } from './printable.js';
export { Random } from './random.js';
export { Clock, type Cancel } from './clock.js';
export {
  decider,
  refusal,
  type Decider,
  type Decision,
  type NotNow,
  type Proposal,
  type Refusal,
  type Transition,
} from './decider.js';
export { Condition, type ConditionLog } from './condition.js';
export {
  CannotStore,
  DeadlinePassed,
  ImpossibleEvent,
  NobodyListens,
  NotPermitted,
  TransientError,
  Unparsable,
  errorMessage,
  type StoreFault,
} from './errors.js';
export {
  TOKEN,
  eventSchema,
  instant,
  token,
  type EventsOf,
  type Immutable,
} from './event-schema.js';
export {
  EventLog,
  DUPLICATE_WINDOW_MS,
  LogRefused,
  readItem,
  type Append,
  type Codec,
  type LogRecord,
  type LogConsumer,
  type LogSubscription,
  type LogItem,
  type ReadFrom,
  type Recorded,
  type StoredMessage,
  type Verdict,
} from './event-log.js';
export { OwnAppends } from './own-appends.js';
export { machineDecider, permits } from './machine-decider.js';
export { LogClock } from './log-clock.js';
export { appendUntilKnown, type AppendOutcome } from './append.js';
