import { statusOf, type SlotStatus } from '#slot';
import { agentName } from '#wire';
import type { Heard } from './beats.js';
import type { SlotEntry } from '../slots/slot-view.js';

/** An agent as the API shows it: counts of its slots from the log, and what its last beat said. */
export function agentJson(entries: readonly [SlotEntry, ...SlotEntry[]], beat: Heard | undefined) {
  const [{ ref }] = entries;
  const { region, agent } = ref;
  const statuses = new Map<SlotStatus, number>();
  const pending = { drain: 0, maintenance: 0 };
  let lost = 0;
  for (const { state } of entries) {
    const status = statusOf(state);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (state.context.pending !== null) pending[state.context.pending] += 1;
    if (state.context.agentLost) lost += 1;
  }
  return {
    id: agentName(ref),
    region,
    agent,
    slots: entries.length,
    statuses: Object.fromEntries(statuses),
    pending,
    /** Slots whose agent is lost; allocated ones keep their sessions. */
    lost,
    heardAt: beat?.heardAt ?? null,
    hasStopped: beat?.stops === true,
    startedAt: beat?.incarnation ?? null,
    version: beat?.version ?? null,
    disk: beat?.disk ?? null,
    loginLeftMs: beat?.loginLeftMs ?? null,
    notReadyBecause: beat?.notReadyBecause ?? null,
  };
}
