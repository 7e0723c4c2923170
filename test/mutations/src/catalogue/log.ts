import { SIMULATOR, specs, type Mutation } from '../mutation.js';

const feeder = 'apps/allocator/src/log/pool-feeder.ts';
const writer = 'apps/allocator/src/log/slot-writer.ts';
const catchingUp = 'apps/allocator/src/log/catching-up.ts';
const append = 'libs/kernel/src/append.ts';
const logClock = 'libs/kernel/src/log-clock.ts';
const ownAppends = 'libs/kernel/src/own-appends.ts';

const idempotency = specs(
  'apps/allocator/src/idempotency.spec.ts',
  'apps/allocator/src/idempotency-lagging.spec.ts',
);
const allocator = specs('apps/allocator/src/allocator.spec.ts');
const clocks = specs('apps/allocator/src/clocks.spec.ts');
const catchingUpSpecs = specs('apps/allocator/src/log/catching-up.spec.ts');
const ownAppendSpecs = specs('test/contracts/src/own-appends.jetstream.spec.ts');
const writerSpecs = specs('apps/allocator/src/log/slot-writer.spec.ts');
const appendSpecs = specs('libs/kernel/src/append.spec.ts');
const logClockSpecs = specs('libs/kernel/src/log-clock.spec.ts');

/** Breaks of the rule that decisions use the whole log and its time. */
export const logMutations: readonly Mutation[] = [
  {
    id: 'end-not-reached',
    breaks: 'who reads on before it refuses stops before the end',
    file: feeder,
    search: 'while (following.sequence < end) {',
    replace: 'while (following.sequence < 0) {',
    witnesses: [...allocator, ...idempotency, SIMULATOR],
  },
  {
    id: 'gap-between-own-appends',
    breaks: 'what others store between own appends is never read',
    file: ownAppends,
    search: 'return this.first > sequence + 1;',
    replace: 'return this.first > Infinity;',
    witnesses: [...ownAppendSpecs, SIMULATOR],
  },
  {
    id: 'own-append-not-awaited',
    breaks: 'who does not get its own appends back takes itself to be up to date',
    file: feeder,
    search: 'now - at > OWN_APPEND_WITHIN_MS',
    replace: 'now - at > Infinity',
    witnesses: [...writerSpecs, ...catchingUpSpecs, ...allocator, SIMULATOR],
  },
  {
    id: 'history-not-read',
    breaks: 'ids that ended before the start are not known after it',
    file: feeder,
    search: 'const at = this.ports.clock.now() - this.rememberMs;',
    replace: 'const at = this.ports.clock.now();',
    witnesses: [...idempotency, SIMULATOR],
  },
  {
    id: 'gap-after-the-present',
    breaks: 'the first event after the present is passed over',
    file: feeder,
    search: 'this.following = await log.follow(last, {',
    replace: 'this.following = await log.follow(last + 1, {',
    witnesses: [...idempotency, ...allocator, SIMULATOR],
  },
  {
    id: 'pause-not-noticed',
    breaks: 'who stood still serves before it has read what it missed',
    file: catchingUp,
    search: 'if (isHeldUp || silentMs > HEARD_WITHIN_MS) this.begin();',
    replace: 'if (silentMs > HEARD_WITHIN_MS) this.begin();',
    witnesses: [...catchingUpSpecs, SIMULATOR],
  },
  {
    id: 'pause-end-not-read',
    breaks: 'after a pause, the log is not read to its end',
    file: catchingUp,
    search: 'while (newest.sequence < end &&',
    replace: 'while (newest.sequence < 0 &&',
    witnesses: [...catchingUpSpecs, SIMULATOR],
  },
  {
    id: 'old-end-believed',
    breaks: 'an end that was asked for before the last pause counts',
    file: catchingUp,
    search: 'return round === this.round;',
    replace: 'return true;',
    witnesses: [...catchingUpSpecs, SIMULATOR],
  },
  {
    id: 'expectation-too-new',
    breaks: 'what was decided by an older state is appended behind a newer one',
    file: writer,
    search: 'const { subject, sequence: expected } = from;',
    replace: 'const { subject } = from;\n    const expected = this.pool.slots.sequenceOf(subject);',
    witnesses: [...idempotency, ...allocator, SIMULATOR],
  },
  {
    id: 'conflict-not-learned',
    breaks: 'who loses a race does not read who won it',
    file: writer,
    search: 'else this.takeAhead(outcome.last);',
    replace: 'else this.takeAhead(undefined);',
    witnesses: [...writerSpecs, ...allocator, ...idempotency, SIMULATOR],
  },
  {
    id: 'ends-between-missed',
    breaks: 'events before one that was found in the way are never read',
    file: writer,
    search: 'sequence <= this.pool.slots.sequenceOf(subject) && !this.ahead.has(subject)',
    replace: 'sequence <= this.pool.slots.sequenceOf(subject)',
    witnesses: [...writerSpecs, ...idempotency, SIMULATOR],
  },
  {
    id: 'told-before-stored',
    breaks: 'an allocator goes by its own event, and answers, before the log has stored it',
    file: writer,
    search: 'const startedNs = elapsedNs();',
    replace:
      'const startedNs = elapsedNs();\n' +
      '    this.learn({ subject, sequence: expected + 1, at: event.at, state });',
    witnesses: [...writerSpecs, ...allocator, ...idempotency, SIMULATOR],
  },
  {
    id: 'unlawful-taken',
    breaks: 'an event that cannot have happened is taken',
    file: writer,
    search: '!permits(slotMachine, before.state, item.record.event)',
    replace: 'item.record.event.at < 0',
    witnesses: [
      ...writerSpecs,
      ...allocator,
      ...specs('apps/allocator/src/operate/slot-operations.spec.ts'),
    ],
  },
  {
    id: 'forgotten-written-to',
    breaks: 'a slot that the log has forgotten is written to again',
    file: writer,
    search: 'if (outcome.last === undefined && expected > 0) this.forget(subject);',
    replace: 'if (outcome.last === undefined && expected > 0) return outcome;',
    witnesses: [...writerSpecs, ...specs('apps/allocator/src/log/retention.spec.ts'), SIMULATOR],
  },
  {
    id: 'time-goes-back',
    breaks: "an event is dated before the slot's last one",
    file: writer,
    search: 'return Math.max(this.ports.clock.now(), head?.at ?? 0);',
    replace: 'return Math.max(this.ports.clock.now(), head === undefined ? 0 : 1);',
    witnesses: [...writerSpecs, ...clocks, SIMULATOR],
  },
  {
    id: 'unsure-time-dates',
    breaks: 'who was held up dates events before it has asked the log for the time',
    file: writer,
    search: 'if (!this.ports.clock.checkSure())',
    replace: 'if (this.ports.clock.now() < 0)',
    witnesses: [...clocks, ...catchingUpSpecs, SIMULATOR],
  },
  {
    id: 'any-record-is-ours',
    breaks: 'whatever stands in the way of an append is taken for this very append',
    file: append,
    search: "found?.kind === 'recorded' && found.record.id === append.record.id",
    replace: "found?.kind === 'recorded'",
    witnesses: appendSpecs,
  },
  {
    id: 'lost-answer-lost',
    breaks: 'an append whose answer was lost is told as lost to somebody else',
    file: append,
    search: "found?.kind === 'recorded' && found.record.id === append.record.id",
    replace: "found?.kind === 'recorded' && found.record.id === ''",
    witnesses: appendSpecs,
  },
  {
    id: 'in-flight-is-settled',
    breaks: 'an append that is in flight is not sent again',
    file: append,
    search:
      "return { kind: 'unclear', cause: new TransientError('the same message is in flight') };",
    replace: "return { kind: 'busy' };",
    witnesses: appendSpecs,
  },
  {
    id: 'clock-ahead',
    breaks: 'the clock runs ahead of the log by as much as an answer took',
    file: logClock,
    search: 'this.time = Math.max(this.time, told);',
    replace: 'this.time = Math.max(this.time, latest);',
    witnesses: [...logClockSpecs, ...clocks],
  },
  {
    id: 'clock-leaps',
    breaks: 'a clock that was set an hour ahead takes the time with it',
    file: logClock,
    search: 'Math.min(Math.max(leapt, 0), LEAP_MS)',
    replace: 'Math.max(leapt, 0)',
    witnesses: [...logClockSpecs, ...clocks],
  },
  {
    id: 'clock-sure-too-soon',
    breaks: 'an answer from before a leap makes the time sure again',
    file: logClock,
    search: 'this.sure = leaps === this.leaps;',
    replace: 'this.sure = true;',
    witnesses: [...logClockSpecs, ...clocks, SIMULATOR],
  },
];
