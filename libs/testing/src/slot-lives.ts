import { JsonText } from '#json';
import type { Decision, Transition } from '#kernel';
import {
  slot,
  type SessionTerms,
  type SlotCommand,
  type SlotEvent,
  type SlotReport,
  type SlotState,
} from '#slot';
import fc from 'fast-check';
import {
  anAllocation,
  aProcess,
  anOffer,
  aReport,
  aSession,
  direct,
  someLimits,
  START,
} from './slot-samples.js';

/** One command in a life, and its outcome. */
export interface Turn {
  readonly before: SlotState;
  readonly command: SlotCommand;
  readonly decision: Decision<SlotState, SlotEvent>;
  readonly after: SlotState;
}

/**
 * The life of a slot from its beginning: the commands given, and the events that became history.
 */
export interface Life {
  readonly turns: readonly Turn[];
  readonly steps: readonly Transition<SlotState, SlotEvent>[];
}

/** A command that is made from the state it will meet, so that most commands make sense. */
type Intent = (state: SlotState, at: number) => SlotCommand;

/** Lives with rising instants, weighted so that every event of a slot occurs. */
export function aLife(turnsMax = 30): fc.Arbitrary<Life> {
  const turn = fc.tuple(fc.nat({ max: 30_000 }), anIntent());
  return fc.array(turn, { minLength: 1, maxLength: turnsMax, size: 'max' }).map(live);
}

/** Sometimes any JSON, including `__proto__` as a key and numbers beyond 2^53. */
function someJson(): fc.Arbitrary<JsonText> {
  const big = fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }).map(String);
  return fc
    .oneof(
      { weight: 3, arbitrary: fc.constantFrom('null', '{"map":"docks"}') },
      fc.json({ maxDepth: 2 }),
      big,
    )
    .map((text) => JsonText.read(text));
}

function live(intents: readonly (readonly [number, Intent])[]): Life {
  const turns: Turn[] = [];
  let state: SlotState = slot.initial;
  let at = START;
  for (const [pauseMs, intend] of intents) {
    at += pauseMs;
    const command = intend(state, at);
    const decision = slot.decide(state, command);
    const steps = decision.kind === 'accepted' ? decision.steps : [];
    const after = steps.at(-1)?.state ?? state;
    turns.push({ before: state, command, decision, after });
    state = after;
  }
  const steps = turns.flatMap(({ decision }) =>
    decision.kind === 'accepted' ? decision.steps : [],
  );
  return { turns, steps };
}

function anIntent(): fc.Arbitrary<Intent> {
  return fc.oneof(
    { weight: 8, arbitrary: anAnswer() },
    { weight: 4, arbitrary: aRandomReport() },
    { weight: 4, arbitrary: aClaim() },
    { weight: 2, arbitrary: fc.constant<Intent>((_, at) => ({ type: 'Expire', at })) },
    { weight: 2, arbitrary: aRestoration() },
    { weight: 1, arbitrary: aDeallocation() },
    { weight: 1, arbitrary: fc.constant(withdraw) },
    { weight: 2, arbitrary: aDirection() },
    { weight: 1, arbitrary: aWarmth() },
    { weight: 1, arbitrary: anAssignment() },
    { weight: 1, arbitrary: fc.constant<Intent>((_, at) => ({ type: 'LoseAgent', at })) },
  );
}

/**
 * Restores a session that the log does not know, has ended, or has; sometimes under a fence that
 * another claim has had since.
 */
function aRestoration(): fc.Arbitrary<Intent> {
  return fc
    .record({
      id: fc.constantFrom('match-1', 'match-4'),
      ahead: fc.nat({ max: 2 }),
      left: fc.boolean(),
    })
    .map(({ id, ahead, left }) => ({ context }, at) => ({
      type: 'RestoreSession' as const,
      at,
      session: { fence: Math.max(1, context.fence - 1 + ahead), allocation: anAllocation({ id }) },
      process: left ? aProcess() : null,
    }));
}

const withdraw: Intent = ({ context: { fence } }, at) => {
  return { type: 'RefuseClaim', at, fence, cause: 'fleet-maximum' };
};

/** The report of an agent that has seen the log and obeyed it. */
function anAnswer(): fc.Arbitrary<Intent> {
  const choice = {
    answer: someJson(),
    counted: someCount(),
    exit: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: anExit() }),
    cleared: fc.boolean(),
    process: fc.option(aGameProcess()),
    heldUntil: fc.option(fc.constant(START + 60_000), { freq: 2 }),
    failure: fc.option(aFailure(), { freq: 2 }),
  };
  return fc
    .record(choice)
    .map(({ answer, counted, exit, cleared, process, ...remarks }) => ({ value, context }, at) => {
      const { fence, incarnation, offer, allocation } = context;
      const over = allocation === null || value === 'deallocated';
      const callback = { outcome: 'acked', answer, token: 'secret' } as const;
      const hasCrashed = exit !== null && exit.exitCode !== 0;
      const crashes = (allocation?.crashes ?? 0) + (hasCrashed ? 1 : 0);
      const clean = cleared && exit?.exitCode === 0 ? ({ cleared } as const) : {};
      const session = aSession({ fence, callback, ...counted, exit, ...clean, crashes });
      return applying(at, {
        ...(offer !== null && { offer }),
        incarnation: Math.max(incarnation, START),
        process: process ?? context.process,
        session: over ? null : session,
        clearedFence: over ? fence : fence - 1,
        ...remarks,
      });
    });
}

/** A report that may be late, early, contradictory, of another claim or from an earlier start. */
function aRandomReport(): fc.Arbitrary<Intent> {
  const choice = {
    offer: fc.constantFrom(
      undefined,
      anOffer(),
      anOffer({ limits: someLimits({ sessionMs: 100_000, restartsMax: 0 }) }),
    ),
    incarnation: fc.nat({ max: 2 }).map((starts) => START + starts),
    process: fc.option(aGameProcess()),
    session: fc.option(
      fc.record({
        staleBy: fc.constantFrom(0, 0, 0, 1),
        callback: aCallback(),
        counted: someCount(),
        exit: fc.option(anExit()),
        crashes: fc.nat({ max: 2 }),
      }),
    ),
    uncleared: fc.constantFrom(-1, 0, 1, 1, 1),
    unlogged: fc.constantFrom(false, false, false, true),
  };
  return fc
    .record(choice)
    .map(({ session, uncleared, unlogged, ...report }) => ({ context }, at) => {
      const { staleBy = 0, counted, ...seen } = session ?? {};
      return applying(at, {
        ...report,
        session:
          session === null
            ? null
            : aSession({ ...seen, ...counted, fence: context.fence - staleBy }),
        clearedFence: Math.max(0, context.fence - uncleared),
        ...(unlogged && { unlogged: { fence: context.fence + 1, allocation: anAllocation() } }),
      });
    });
}

/** The players of a session, as far as they are known. */
function someCount() {
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ players: fc.option(fc.nat({ max: 2 })) }) },
    { weight: 1, arbitrary: fc.constant({ players: null, uncounted: 'its answers are garbage' }) },
  );
}

function aCallback() {
  return fc.oneof(
    fc.constant({ outcome: 'pending' } as const),
    fc.record({
      outcome: fc.constant('acked' as const),
      answer: someJson(),
      token: fc.constantFrom('secret', 'other'),
    }),
    fc.record({
      outcome: fc.constant('refused' as const),
      reason: fc.constant('the map is missing'),
      cause: fc.constantFrom('game' as const, 'not-started' as const, 'no-answer' as const),
    }),
  );
}

function aFailure() {
  return fc
    .nat({ max: 2 })
    .map((count) => ({ check: 'query', reason: 'no answer', failedAt: START + count }));
}

function anExit() {
  return fc.constantFrom(
    { exitCode: 0, signal: null },
    { exitCode: 139, signal: null },
    { exitCode: null, signal: 'SIGKILL' },
    { exitCode: null, signal: null },
  );
}

function aGameProcess() {
  return fc
    .tuple(fc.constantFrom(11, 12), fc.constantFrom('harbour-1', 'harbour-2'))
    .map(([pid, buildConfiguration]) => aProcess({ pid, buildConfiguration }));
}

function aClaim(): fc.Arbitrary<Intent> {
  const choice = {
    allocationId: fc.constantFrom('match-1', 'match-2', 'match-3'),
    attempt: fc.integer({ min: 1, max: 3 }),
    allocator: fc.constantFrom('allocator-1', 'allocator-2'),
    buildConfiguration: fc.option(fc.constantFrom('harbour-1', 'harbour-2')),
    payload: someJson(),
    idleMs: fc.option(fc.integer({ min: 1_000, max: 90_000 })),
    terms: fc.option(someTerms()),
    fresh: fc.boolean(),
    requestedBy: fc.constantFrom('matchmaker', 'lobby'),
  };
  return fc
    .record(choice)
    .map((claim) => (_, at) => ({ type: 'RequestAllocation' as const, at, ...claim }));
}

function someTerms(): fc.Arbitrary<SessionTerms> {
  return fc.record({
    version: fc.integer({ min: 1, max: 3 }),
    limits: fc.integer({ min: 0, max: 2 }).map((restartsMax) => someLimits({ restartsMax })),
    readiness: fc.boolean(),
  });
}

function anAssignment(): fc.Arbitrary<Intent> {
  return fc
    .option(fc.record({ buildConfiguration: fc.constant('harbour-2'), version: fc.nat(2) }))
    .map((assigned) => (_, at) => ({ type: 'AssignConfiguration' as const, at, assigned }));
}

function aDeallocation(): fc.Arbitrary<Intent> {
  return fc.boolean().map((right) => ({ context }, at) => ({
    type: 'Deallocate' as const,
    at,
    allocationId: (right ? context.allocation?.id : undefined) ?? 'another',
    reason: 'the match is over',
    by: 'matchmaker',
  }));
}

function aWarmth(): fc.Arbitrary<Intent> {
  return fc
    .constantFrom(true, false, null)
    .map((warmth) => (_, at) => ({ type: 'SetWarmth' as const, at, warmth }));
}

function aDirection(): fc.Arbitrary<Intent> {
  const wishes = [
    'Drain',
    'WithdrawDrain',
    'BeginMaintenance',
    'EndMaintenance',
    'Repair',
  ] as const;
  return fc
    .oneof(
      { weight: 9, arbitrary: fc.constantFrom(...wishes) },
      { weight: 1, arbitrary: fc.constant('Retire' as const) },
    )
    .map((type) => (_, at) => direct(type, at));
}

function applying(at: number, changes: Partial<SlotReport>): SlotCommand {
  return { type: 'ApplyReport', at, report: aReport(changes) };
}
