import { actionOf } from '#audit';
import type { LogItem } from '#kernel';
import { isAskedBy, type Action, type AskerFilter, type SlotRecord } from '#wire';

/** So many events are read for one page, in which there may be no action at all. */
const READ_MAX = 20_000;

export interface Wanted extends AskerFilter {
  /** Whether also requests for servers are wanted. */
  readonly requests: boolean;
  /** From this instant on; epoch ms. */
  readonly since?: number | undefined;
  /** Before this instant; epoch ms. */
  readonly until?: number | undefined;
  readonly limit: number;
}

/** A page of what somebody asked for, from a history. */
export async function actionsIn(history: AsyncIterable<LogItem<SlotRecord>>, wanted: Wanted) {
  const { limit, until = Infinity } = wanted;
  const actions: Action[] = [];
  let [read, readTo]: [number, number | null] = [0, null];
  for await (const item of history) {
    read += 1;
    const at: number = item.kind === 'recorded' ? item.record.event.at : (readTo ?? 0);
    if (at >= until) return { actions, readTo };
    readTo = at;
    const action =
      item.kind === 'recorded' ? actionOf(item.sequence, item.subject, item.record) : undefined;
    if (action !== undefined && isWanted(action, wanted)) actions.push(action);
    if (actions.length === limit || read === READ_MAX) {
      return { actions, next: String(item.sequence), readTo };
    }
  }
  return { actions, readTo };
}

function isWanted({ at, event, by }: Action, wanted: Wanted): boolean {
  const { since = 0, requests } = wanted;
  return at >= since && (requests || event !== 'AllocationRequested') && isAskedBy(by, wanted);
}
