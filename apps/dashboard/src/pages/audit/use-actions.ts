import { get, queryOf } from '../../api.js';
import { events, snapshots } from '../../live.js';
import { sinceOf } from '../../parts/period.js';
import { chosenRegion } from '../../parts/region.js';
import { filterOf } from '../../route.js';
import type { Action, ActionsPage } from '../../types.js';
import { useAsked } from '../../use-answer.js';

/** Most actions that are shown, and saved, at once. */
const ACTIONS_MAX = 10_000;

interface Found {
  /** The latest first. */
  readonly actions: readonly Action[];
  /** Whether there are later ones than the first `ACTIONS_MAX`. */
  readonly isCut: boolean;
}

/** What was asked for, as the filters in the address say. */
export function useActions() {
  const [region, period] = [chosenRegion(), filterOf('period')];
  const wanted = { by: filterOf('by'), requests: filterOf('requests') };
  const query = queryOf({ region, limit: 1_000, ...wanted });
  const path = region === '' ? '' : `/v1/audit/actions?${query}`;
  const read = (signal: AbortSignal) => readAll(`${path}&since=${sinceOf(Date.now())}`, signal);
  // The history is read again only after another action.
  const newest = events.value.find(
    (event) => 'by' in event && (wanted.requests !== '' || event.type !== 'AllocationRequested'),
  );
  return useAsked<Found>(read, path && `${path} ${period}`, newest?.sequence, snapshots.value);
}

async function readAll(path: string, signal: AbortSignal): Promise<Found> {
  const actions: Action[] = [];
  let after = '';
  for (;;) {
    const page = await get<ActionsPage>(`${path}${after}`, signal);
    actions.push(...page.actions);
    if (page.next === undefined) return { actions: actions.reverse(), isCut: false };
    if (actions.length >= ACTIONS_MAX) return { actions: actions.reverse(), isCut: true };
    after = `&after=${page.next}`;
  }
}
