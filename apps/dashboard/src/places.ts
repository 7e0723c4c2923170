import { computed } from '@preact/signals';
import { slots } from './live.js';
import { fleetOf, machineOf } from './words.js';

/** The page of each slot, machine and fleet that is known now, by its id. */
export const places = computed<ReadonlyMap<string, string>>(() => {
  const found = new Map<string, string>();
  for (const slot of slots.value.values()) {
    found.set(fleetOf(slot), 'fleets');
    found.set(machineOf(slot), 'machines');
  }
  for (const id of slots.value.keys()) found.set(id, 'slots');
  return found;
});
