import { whoAsked } from '#audit';
import type { LogItem } from '#kernel';
import type { SlotState } from '#slot';
import { askerIn, slotName, slotOfSubject, type SlotRecord } from '#wire';

/** So many events are read for one page, in which there may be no action at all. */
const READ_MAX = 20_000;

export interface Wanted {
  /** Name of an access token, or all that was recorded of who asked. */
  readonly by?: string | undefined;
  /** Whether also requests for servers are wanted. */
  readonly requests: boolean;
  /** Before this instant; epoch ms. */
  readonly until?: number | undefined;
  readonly limit: number;
}

/** A page of what somebody asked for, from a history. */
export async function actionsIn(history: AsyncIterable<LogItem<SlotRecord>>, wanted: Wanted) {
  const { limit, until = Infinity } = wanted;
  const actions: NonNullable<ReturnType<typeof actionOf>>[] = [];
  let [read, readTo]: [number, number | null] = [0, null];
  for await (const item of history) {
    read += 1;
    const at: number = item.kind === 'recorded' ? item.record.event.at : (readTo ?? 0);
    if (at >= until) return { actions, readTo };
    readTo = at;
    const action = actionOf(item, wanted);
    if (action !== undefined) actions.push(action);
    if (actions.length === limit || read === READ_MAX) {
      return { actions, next: String(item.sequence), readTo };
    }
  }
  return { actions, readTo };
}

function actionOf(item: LogItem<SlotRecord>, { by, requests }: Wanted) {
  if (item.kind === 'unreadable') return undefined;
  const { event, state } = item.record;
  const isRequest = event.type === 'AllocationRequested';
  const who = whoAsked(event);
  if (who === undefined || (isRequest && !requests) || !isBy(who, by)) return undefined;
  const allocationId = allocationIn(event.type, state);
  return {
    sequence: item.sequence,
    slot: slotName(slotOfSubject(item.subject)),
    at: event.at,
    event: event.type,
    by: who,
    ...('reason' in event && { reason: event.reason }),
    ...(allocationId !== undefined && { allocationId }),
  };
}

/** The session that the event began or ended. */
function allocationIn(type: string, { context }: SlotState): string | undefined {
  if (type === 'AllocationRequested') return context.allocation?.id;
  return context.lastEnd?.by === type ? context.lastEnd.allocationId : undefined;
}

function isBy(who: string, wanted: string | undefined): boolean {
  return wanted === undefined || who === wanted || askerIn(who) === wanted;
}
