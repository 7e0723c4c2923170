import { signal } from '@preact/signals';
import { isLoaded, slots } from './live.js';
import type { Slot } from './types.js';
import { fleetOf, stateOf } from './words.js';

/** How often the fleets are counted (ms), and how many counts are kept: half an hour. */
const EVERY_MS = 2_000;
const KEPT = 900;

/** What of a fleet is counted. */
export const COUNTED = ['allocated', 'warm', 'cold'] as const;

interface Sample {
  /** Epoch ms. */
  readonly at: number;
  readonly allocated: number;
  readonly warm: number;
  readonly cold: number;
}

/** The counts of each fleet, `region.fleet`, since this page was opened; the latest last. */
export const samples = signal<ReadonlyMap<string, readonly Sample[]>>(new Map());

setInterval(sample, EVERY_MS);

function sample(): void {
  if (!isLoaded.value) return;
  const at = Date.now();
  const fleets = Map.groupBy(slots.value.values(), fleetOf);
  const next = new Map(samples.value);
  for (const [id, own] of fleets) {
    const before = next.get(id) ?? [];
    next.set(id, [...before.slice(1 - KEPT), { at, ...countsOf(own) }]);
  }
  samples.value = next;
}

type Counted = Pick<Slot, 'status' | 'phase' | 'agentLost'>;

/** How many of the slots have a session, and how many free ones stand ready or not. */
export function countsOf(own: readonly Counted[]) {
  const counts = { allocated: 0, warm: 0, cold: 0 };
  for (const slot of own) {
    const state = slot.status === 'allocated' ? 'allocated' : stateOf(slot);
    if (state === 'allocated' || state === 'warm' || state === 'cold') counts[state] += 1;
  }
  return counts;
}
