import { useRef } from 'preact/hooks';
import { get, queryOf } from '../../api.js';
import { slots } from '../../live.js';
import type { SlotEvent } from '../../types.js';
import { useAsked } from '../../use-answer.js';

interface Page {
  readonly events: readonly SlotEvent[];
  readonly next?: number;
}

/**
 * All events of a slot, the earliest first. They are read once, and behind the last of them whenever the
 * slot has a later one: the stream may have broken meanwhile.
 */
export function useLife(id: string) {
  const known = useRef<readonly SlotEvent[]>([]);
  const path = `/v1/slots/${encodeURIComponent(id)}/events`;
  const read = async (signal: AbortSignal) => {
    for (;;) {
      const query = queryOf({ limit: 1_000, after: known.current.at(-1)?.sequence });
      const page = await get<Page>(`${path}?${query}`, signal);
      if (page.events.length > 0) known.current = [...known.current, ...page.events];
      if (page.next === undefined) return known.current;
    }
  };
  return useAsked(read, path, slots.value.get(id)?.sequence);
}
