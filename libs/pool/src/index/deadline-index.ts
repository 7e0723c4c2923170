import { nextDeadline } from '#slot';
import type { SlotEntry } from '../slot-entry.js';
import type { SlotHead } from '../slot-head.js';

/** Length of one span (ms): deadlines within the same span are kept together. */
const GRAIN_MS = 100;

/** Slots by their next deadline. A change costs the same however many slots have a deadline. */
export class DeadlineIndex {
  private readonly grains = new Map<number, Set<SlotEntry>>();
  private earliest = Infinity;

  /** Takes the slot's new head; `before` is its previous head. */
  put(entry: SlotEntry, before: SlotHead | undefined): void {
    const after = grainOf(entry.head);
    const known = before === undefined ? undefined : grainOf(before);
    if (known === after) return;
    if (known !== undefined) this.delete(entry, known);
    if (after === undefined) return;
    this.grains.set(after, (this.grains.get(after) ?? new Set()).add(entry));
    this.earliest = Math.min(this.earliest, after);
  }

  /** The slots whose current deadline is at or before `now` (epoch ms). */
  due(now: number): SlotHead[] {
    if (this.grains.size === 0) return [];
    const found: SlotHead[] = [];
    for (const grain of this.grainsUpTo(Math.floor(now / GRAIN_MS))) {
      for (const { head } of this.grains.get(grain) ?? []) {
        if ((nextDeadline(head.state)?.at ?? Infinity) <= now) found.push(head);
      }
    }
    return found;
  }

  /** Walks over the grains in use or over the span of time, whichever is shorter. */
  private *grainsUpTo(last: number): Iterable<number> {
    while (this.earliest <= last && !this.grains.has(this.earliest)) {
      if (last - this.earliest > this.grains.size) {
        this.earliest = Math.min(...this.grains.keys());
      } else this.earliest += 1;
    }
    if (last - this.earliest > this.grains.size) {
      for (const grain of this.grains.keys()) if (grain <= last) yield grain;
    } else for (let grain = this.earliest; grain <= last; grain += 1) yield grain;
  }

  private delete(entry: SlotEntry, grain: number): void {
    const entries = this.grains.get(grain);
    entries?.delete(entry);
    if (entries?.size === 0) this.grains.delete(grain);
  }
}

function grainOf({ state }: SlotHead): number | undefined {
  const at = nextDeadline(state)?.at ?? Infinity;
  return at === Infinity ? undefined : Math.floor(at / GRAIN_MS);
}
