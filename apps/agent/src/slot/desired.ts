import type { Allocation, GameProcess, SlotState } from '#slot';

/** A session that the log says this slot has. */
export interface DesiredSession {
  readonly fence: number;
  readonly allocation: Allocation;
  /** Whether the callback's answer is still to come. */
  readonly awaiting: boolean;
  /** The process the log knows of. */
  readonly process: GameProcess | null;
}

/** A slot that no session has. */
export interface Free {
  readonly kind: 'free';
  readonly fence: number;
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
export function desired({ value, context }: SlotState, keepWarm: boolean): Desired {
  const { fence, pending, allocation } = context;
  const warm = context.warmth ?? keepWarm;
  const free: Free = { kind: 'free', fence, warm: false, clears: null, forEver: false };
  if (typeof value === 'object') {
    if ('available' in value) return { ...free, warm };
    if (allocation === null) return { kind: 'asIs' };
    const awaiting = value.allocated === 'awaiting';
    return { kind: 'session', session: { fence, allocation, awaiting, process: context.process } };
  }
  switch (value) {
    case 'unregistered':
      return { kind: 'asIs' };
    case 'deallocated':
      return { ...free, warm: warm && pending === null, clears: fence };
    case 'drained':
    case 'maintenance':
      return free;
    case 'retired':
      return { ...free, forEver: true };
    default:
      return value satisfies never;
  }
}
