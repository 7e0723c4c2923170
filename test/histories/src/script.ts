import { slot, type SlotCommand, type SlotEvent, type SlotState } from '#slot';
import {
  START,
  aProcess,
  aRequest,
  aSession,
  anAllocation,
  assign,
  deallocate,
  direct,
  expire,
  loseAgent,
  reported,
  setWarmth,
  someLimits,
} from '#testing';
import type { Transition } from '#kernel';

const crash = { exitCode: 139, signal: null };
const warm = { process: aProcess() };
const current = { process: aProcess({ pid: 4713, version: 2 }) };
const failure = { check: 'query', reason: 'no answer in 3 tries', failedAt: START };
const session = (fence: number, changes = {}) => aSession({ fence, ...changes });
const exited = { exit: { exitCode: 0, signal: null }, cleared: true } as const;
const cleared = (fence: number) => reported({ ...warm, clearedFence: fence });
const claim = (match: number) => aRequest({ allocationId: `match-${match}` });

/** Lives that together contain every event there is; `live` sets the instants. */
const scripts: Readonly<Record<string, readonly SlotCommand[]>> = {
  'sessions-that-end-well': [
    reported(),
    reported(warm),
    reported(),
    claim(1),
    reported({ ...warm, session: session(1) }),
    reported({ ...warm, session: session(1, { players: 4 }) }),
    reported({ ...warm, session: session(1, { players: 0 }) }),
    reported({ ...warm, session: session(1, { players: 1 }) }),
    reported({ session: session(1, { exit: { exitCode: 0, signal: null } }) }),
    cleared(1),
    claim(2),
    reported({ ...warm, session: session(2), clearedFence: 1 }),
    deallocate({ allocationId: 'match-2' }),
    cleared(2),
    direct('Retire'),
  ],
  'sessions-that-leave-nothing': [
    reported(),
    claim(1),
    reported({ ...warm, session: session(1) }),
    reported({ session: session(1, exited) }),
    claim(2),
    reported({ ...warm, session: session(2) }),
    reported({ ...warm, session: session(2, exited), remark: 'left 1 process behind: killed' }),
    claim(3),
    reported({ ...warm, session: session(3) }),
    direct('Drain'),
    reported({ ...warm, session: session(3, exited) }),
  ],
  'sessions-that-do-not': [
    reported(warm),
    claim(1),
    reported({
      ...warm,
      session: session(1, {
        callback: { outcome: 'refused', reason: 'no such map', cause: 'game' },
      }),
    }),
    cleared(1),
    { ...claim(1), attempt: 2 },
    expire(START),
    cleared(2),
    claim(2),
    reported({ ...warm, session: session(3) }),
    reported({ session: session(3, { exit: crash, crashes: 1 }) }),
    reported({ process: aProcess({ pid: 4712 }), session: session(3, { crashes: 1 }) }),
    reported({ session: session(3, { exit: crash, crashes: 2 }) }),
    cleared(3),
    claim(3),
    reported({ ...warm, session: session(4) }),
    expire(START),
    cleared(4),
    claim(4),
    { type: 'RefuseClaim', at: START, fence: 5, cause: 'fleet-maximum' },
    cleared(5),
    { ...claim(4), attempt: 2 },
    reported({ session: session(6, { callback: { outcome: 'pending' }, exit: crash }) }),
    cleared(6),
  ],
  'after-the-log-went-back': [
    reported({ ...warm, clearedFence: 3 }),
    claim(1),
    reported({ ...warm, unlogged: { fence: 4, allocation: anAllocation({ id: 'match-4' }) } }),
    {
      type: 'RestoreSession',
      at: START,
      session: { fence: 4, allocation: anAllocation({ id: 'match-4' }) },
      process: aProcess(),
    },
    reported({ session: session(5, { exit: { exitCode: 0, signal: null } }) }),
    cleared(5),
  ],
  'service-and-lost-agents': [
    reported(warm),
    direct('Drain'),
    direct('WithdrawDrain'),
    direct('BeginMaintenance'),
    direct('EndMaintenance'),
    direct('Repair'),
    loseAgent(),
    reported({ ...warm, incarnation: START + 1 }),
    claim(1),
    direct('Drain'),
    direct('WithdrawDrain'),
    direct('Drain'),
    reported({ ...warm, incarnation: START + 1, session: session(1) }),
    deallocate(),
    reported({ ...warm, incarnation: START + 1, clearedFence: 1 }),
  ],
  'cooled-and-warmed': [
    reported(warm),
    setWarmth(false),
    reported(),
    claim(1),
    reported({ ...warm, session: session(1) }),
    deallocate(),
    reported({ clearedFence: 1 }),
    setWarmth(true),
    reported({ ...warm, clearedFence: 1 }),
    setWarmth(null),
  ],
  'configured-held-and-checked': [
    reported(warm),
    assign({ buildConfiguration: 'harbour-1', version: 2 }),
    reported(current),
    reported({ ...current, heldUntil: START + 1_000_000 }),
    reported(current),
    { ...claim(1), terms: { version: 2, limits: someLimits({ restartsMax: 0 }), readiness: true } },
    reported({ ...current, session: session(1) }),
    reported({ ...current, session: session(1), failure }),
    reported({ session: session(1, { exit: crash, crashes: 1 }) }),
    reported({ ...current, clearedFence: 1, remark: 'killed 20 s after SIGTERM' }),
    assign(null),
  ],
};

/** Pause between the commands of a script, and before an overdue end is recorded (ms). */
const PAUSE_MS = 100;

/** Each script by name, with the events and states that today's machine makes of it. */
export function histories(): ReadonlyMap<string, readonly Transition<SlotState, SlotEvent>[]> {
  return new Map(Object.entries(scripts).map(([name, commands]) => [name, live(commands)]));
}

function live(commands: readonly SlotCommand[]): readonly Transition<SlotState, SlotEvent>[] {
  const steps: Transition<SlotState, SlotEvent>[] = [];
  let at = START;
  for (const command of commands) {
    at += command.type === 'Expire' ? 60_000 : PAUSE_MS;
    const decision = slot.decide(steps.at(-1)?.state ?? slot.initial, { ...command, at });
    if (decision.kind === 'refused')
      throw new Error(`${command.type}: ${decision.refusal.message}`);
    steps.push(...decision.steps);
  }
  return steps;
}
