import { effect } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { events } from '../../live.js';
import type { SlotEvent } from '../../types.js';

/**
 * The events of the slots that are tried for a request, each from its claim on, the earliest first. Each
 * is taken as it comes: others' events push it out of the list of the latest ones.
 */
export function useSteps(id: string): readonly SlotEvent[] {
  const [steps, setSteps] = useState<readonly SlotEvent[]>([]);
  useEffect(() => {
    const claimed = new Set<string>();
    return effect(() => {
      const [event] = events.value;
      if (event === undefined) return;
      if ('data' in event && event.data['allocationId'] === id) claimed.add(event.slot);
      if (claimed.has(event.slot)) setSteps((before) => [...before, event].slice(0, STEPS_MAX));
    });
  }, [id]);
  return steps;
}

/** Later events of a slot belong to other sessions. */
const STEPS_MAX = 50;
