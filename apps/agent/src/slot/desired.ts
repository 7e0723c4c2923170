import {
  runOf,
  type Allocation,
  type Assignment,
  type GameProcess,
  type SlotContext,
  type SlotState,
} from '#slot';

/** A session that the log says this slot has. */
export interface DesiredSession {
  readonly fence: number;
  readonly allocation: Allocation;
  /** What runs for the session. */
  readonly run: Assignment;
  /** Whether the callback has not been answered yet. */
  readonly awaiting: boolean;
  /** The process that the log knows of; null if it knows none. */
  readonly process: GameProcess | null;
}

/** A slot without a session. */
export interface Free {
  readonly kind: 'free';
  readonly fence: number;
  /** What the slot runs, or must be ready to run; null if the slot is out of service. */
  readonly run: Assignment | null;
  /** Whether an unused process is to stand ready. */
  readonly warm: boolean;
  /** The claim whose traces must be removed; null if there is none. */
  readonly clears: number | null;
  /** The allocation of the slot's last session, if that is over; otherwise null. */
  readonly ended: string | null;
  /** Whether the slot is retired: it will never be offered again. */
  readonly forEver: boolean;
  /** Whether the log shows this. It shows a session until the report of its end is recorded. */
  readonly isShown: boolean;
}

/** What a slot's machine should look like, according to the log. */
export type Desired =
  /** Nothing on the machine is to be changed. */
  | { readonly kind: 'asIs' }
  | Free
  | {
      readonly kind: 'session';
      readonly session: DesiredSession;
      /** What follows once the session is over. */
      readonly after: Free;
    };

/** @param keepWarm whether free slots have a process ready, if the log does not say */
export function desired(state: SlotState, keepWarm: boolean): Desired {
  const { value, context } = state;
  const { fence, pending, process, allocation } = context;
  const warm = context.warmth ?? keepWarm;
  const run = runOf(state);
  const ended = endedIn(context);
  const none = { run: null, warm: false, clears: null } as const;
  const out: Free = { kind: 'free', fence, ...none, ended, forEver: false, isShown: true };
  const over: Free = { ...out, clears: fence, ended: allocation?.id ?? null };
  const next = pending === null ? { ...over, run, warm } : over;
  if (typeof value === 'object') {
    if ('available' in value) return { ...out, run, warm };
    if (allocation === null) return { kind: 'asIs' };
    const awaiting = value.allocated === 'awaiting';
    return {
      kind: 'session',
      session: { fence, allocation, run: runFor(allocation), awaiting, process },
      after: { ...next, isShown: false },
    };
  }
  switch (value) {
    case 'unregistered':
      return { kind: 'asIs' };
    case 'deallocated':
      return next;
    case 'drained':
    case 'maintenance':
      return out;
    case 'retired':
      return { ...out, forEver: true };
    default:
      return value satisfies never;
  }
}

function endedIn({ lastEnd }: SlotContext): string | null {
  return lastEnd?.outcome === 'over' ? lastEnd.allocationId : null;
}

/** The allocation that the log has for the slot; null if it has none. */
export function loggedAllocation(wanted: Desired): string | null {
  switch (wanted.kind) {
    case 'asIs':
      return null;
    case 'free':
      return wanted.ended;
    case 'session':
      return wanted.session.allocation.id;
    default:
      return wanted satisfies never;
  }
}

/** A session keeps the version that it began with, even if another version is current now. */
function runFor({ buildConfiguration, version }: Allocation): Assignment {
  return { buildConfiguration, version };
}
