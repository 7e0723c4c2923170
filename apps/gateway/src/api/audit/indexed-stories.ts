import { AllocationHistory } from '#audit';
import type { LogItem } from '#kernel';
import { slotNamed, slotSubject, type IndexedClaim, type SlotRecord } from '#wire';
import { Problem } from '../../http/problems.js';
import type { AuditIndex } from '../audit-index/audit-index.js';
import { historyOf, type Histories } from '../events/history.js';
import type { Regions } from '../slots/regions.js';

/** A request that was given more slots than this is found by reading (`CLAIMS_MAX`). */
const CLAIMS_MAX = 100;

type Item = LogItem<SlotRecord>;

/** What the index leads to, or why it leads nowhere. */
type Indexed =
  | { readonly kind: 'found'; readonly history: AllocationHistory; readonly lagEvents: number }
  | { readonly kind: 'not-found'; readonly because: string };

/**
 * Finds the events of one request by its slots, which the index knows: a few events of a few slots are
 * read, not the whole history.
 */
export class IndexedStories {
  constructor(
    private readonly index: AuditIndex,
    private readonly regions: Regions,
  ) {}

  async find(region: string, id: string, gone: AbortSignal): Promise<Indexed> {
    let found: Awaited<ReturnType<AuditIndex['find']>>;
    try {
      const wanted = { allocationId: id, everyAttempt: true, limit: CLAIMS_MAX };
      found = await this.index.find(region, wanted);
    } catch (error) {
      if (error instanceof Problem) return { kind: 'not-found', because: error.message };
      throw error;
    }
    const { claims, next, lagEvents } = found;
    if (lagEvents === null || next !== undefined || claims.length === 0) {
      return { kind: 'not-found', because: 'the index does not have all of it' };
    }
    const histories = this.regions.historiesOf(region);
    const history = new AllocationHistory(id, region);
    for (const claim of claims.toReversed()) {
      for (const item of await eventsOf(histories, claim, gone)) history.take(item);
    }
    const last = history.story()?.attempts.at(-1)?.left;
    // Another slot may have been tried since, which the index does not have yet.
    const mayGoOn = last === undefined || (last !== null && last.outcome !== 'over');
    if (!history.isWhole || (mayGoOn && lagEvents > 0)) {
      return { kind: 'not-found', because: `the index is ${lagEvents} events behind the log` };
    }
    return { kind: 'found', history, lagEvents };
  }
}

/**
 * The events of one claim: those of its slot until the slot has another session, or none. The log keeps
 * the last events of a slot, so if it has the first of these, it has them all, and the archive is not asked.
 */
async function eventsOf(
  histories: Histories,
  claim: IndexedClaim,
  gone: AbortSignal,
): Promise<readonly Item[]> {
  const ref = slotNamed(claim.slot);
  if (ref === undefined) return [];
  const [subject, from] = [slotSubject(ref), { sequence: claim.sequence }];
  const inLog = await untilItsEnd(histories.log.read(subject, from), claim, gone);
  if (inLog[0]?.sequence === claim.sequence) return inLog;
  return untilItsEnd(historyOf(histories, subject, from), claim, gone);
}

async function untilItsEnd(
  items: AsyncIterable<Item>,
  { allocationId }: IndexedClaim,
  gone: AbortSignal,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items) {
    found.push(item);
    if (gone.aborted) break;
    if (item.kind === 'unreadable') continue;
    if (item.record.state.context.allocation?.id !== allocationId) break;
  }
  return found;
}
