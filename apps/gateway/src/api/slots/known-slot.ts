import { slotNamed } from '#wire';
import { Problem } from '../../http/problems.js';
import type { Regions } from './regions.js';
import type { SlotEntry, SlotView } from './slot-view.js';

/** The slot of this name. Throws a `Problem` if the caller knows none. */
export function knownSlot(id: string, view: SlotView, regions: Regions): SlotEntry {
  const ref = slotNamed(id);
  if (ref === undefined) throw unknownSlot(id);
  regions.logOf(ref.region);
  const entry = view.get(id);
  if (entry === undefined) throw unknownSlot(id);
  return entry;
}

export function unknownSlot(id: string): Problem {
  return new Problem(404, 'unknown-slot', `there is no slot ${id}; slots are region.agent.slot`);
}
