import { runOf, type Allocation, type Assignment, type GameProcess, type SlotState } from '#slot';

/** A session that the log says this slot has. */
export interface DesiredSession {
  readonly fence: number;
  readonly allocation: Allocation;
  /** What is to run for it. */
  readonly run: Assignment;
  /** Whether the callback's answer is still to come. */
  readonly awaiting: boolean;
  /** The process the log knows of. */
  readonly process: GameProcess | null;
}

/** A slot that no session has. */
export interface Free {
  readonly kind: 'free';
  readonly fence: number;
  /** What it is to run, or to be ready to run; null where it is out of service. */
  readonly run: Assignment | null;
  /** Whether a fresh process should stand ready. */
  readonly warm: boolean;
  /** The claim whose traces must go; null where none is waiting for that. */
  readonly clears: number | null;
  /** Whether the slot will never be offered again. */
  readonly forEver: boolean;
}

/** What a slot's machine should look like, by what the log says of the slot. */
export type Desired =
  /** Whatever is there stays as it is. */
  { readonly kind: 'asIs' } | Free | { readonly kind: 'session'; readonly session: DesiredSession };

/** @param keepWarm whether free slots have a process standing ready, where the log does not say */
export function desired(state: SlotState, keepWarm: boolean): Desired {
  const { value, context } = state;
  const { fence, pending, process, allocation } = context;
  const warm = context.warmth ?? keepWarm;
  const run = runOf(state);
  const out: Free = { kind: 'free', fence, run: null, warm: false, clears: null, forEver: false };
  if (typeof value === 'object') {
    if ('available' in value) return { ...out, run, warm };
    if (allocation === null) return { kind: 'asIs' };
    const awaiting = value.allocated === 'awaiting';
    return {
      kind: 'session',
      session: { fence, allocation, run: runFor(allocation), awaiting, process },
    };
  }
  switch (value) {
    case 'unregistered':
      return { kind: 'asIs' };
    case 'deallocated':
      return pending === null ? { ...out, run, warm, clears: fence } : { ...out, clears: fence };
    case 'drained':
    case 'maintenance':
      return out;
    case 'retired':
      return { ...out, forEver: true };
    default:
      return value satisfies never;
  }
}

/** A session ends on the version it began with, whatever became current since. */
function runFor({ buildConfiguration, version }: Allocation): Assignment {
  return { buildConfiguration, version };
}
