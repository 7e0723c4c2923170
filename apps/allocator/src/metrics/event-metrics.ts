import type { LabelValues, Metrics } from '#metrics';
import { allocationOf, endsAllocation, type SlotEvent, type SlotState } from '#slot';
import type { AppendObserver } from '../log/slot-writer.js';

/**
 * What was written to the log. Each event is counted only by the allocator that wrote it, so sums
 * over all allocators are right.
 */
export function eventMetrics(metrics: Metrics, fleets: LabelValues) {
  const counters = countersIn(metrics);
  return (region: string): AppendObserver =>
    ({ event, state }, outcome, elapsedNs) => {
      const fleet = fleets.of(state.context.offer?.fleet ?? '');
      counters.appends.observe({ region, outcome }, elapsedNs / 1e9);
      if (event.type === 'AllocationRequested') {
        const attempt = event.attempt === 1 ? 'first' : 'again';
        counters.claims.inc({ region, fleet, attempt, outcome });
      }
      if (outcome === 'stored') countStored(counters, { region, fleet }, event, state);
    };
}

type Counters = ReturnType<typeof countersIn>;

function countersIn(metrics: Metrics) {
  const inFleet = ['region', 'fleet'] as const;
  return {
    appends: metrics.latency(
      'berth_log_append_duration_seconds',
      "Appends to the slots' log, until their outcome was known",
      ['region', 'outcome'],
    ),
    claims: metrics.counter(
      'berth_claims_total',
      'Claims of a slot for a request; a conflict or duplicate is a lost race',
      [...inFleet, 'attempt', 'outcome'],
    ),
    callbacks: metrics.counter('berth_callbacks_total', 'Callbacks to games, by outcome', [
      ...inFleet,
      'outcome',
    ]),
    callbackLatency: metrics.latency(
      'berth_callback_duration_seconds',
      'From a claim to the acknowledged callback; `cold` if the game had to be started for it',
      [...inFleet, 'start'],
    ),
    ends: metrics.counter(
      'berth_sessions_ended_total',
      'Allocations that ended, by the type and cause of the event that ended them',
      [...inFleet, 'end', 'cause'],
    ),
    starts: metrics.counter('berth_game_starts_total', 'Game processes that were started', inFleet),
    crashes: metrics.counter(
      'berth_game_crashes_total',
      'Game processes that crashed; `consequence`: whether the session continued',
      [...inFleet, 'consequence'],
    ),
    agentLosses: metrics.counter(
      'berth_slot_agent_losses_total',
      'Slots whose agent was recorded as lost',
      inFleet,
    ),
  };
}

function countStored(
  counters: Counters,
  at: { readonly region: string; readonly fleet: string },
  event: SlotEvent,
  state: SlotState,
): void {
  switch (event.type) {
    case 'CallbackAcked': {
      const requestedAt = allocationOf(state)?.requestedAt ?? event.at;
      const start = (event.process?.startedAt ?? 0) >= requestedAt ? 'cold' : 'warm';
      counters.callbacks.inc({ ...at, outcome: 'acked' });
      counters.callbackLatency.observe({ ...at, start }, (event.at - requestedAt) / 1_000);
      if (start === 'cold') counters.starts.inc(at);
      break;
    }
    case 'CallbackRefused':
      counters.callbacks.inc({ ...at, outcome: 'refused' });
      break;
    case 'CallbackTimedOut':
      counters.callbacks.inc({ ...at, outcome: 'timed-out' });
      break;
    case 'ProcessStarted':
      counters.starts.inc(at);
      break;
    case 'Crashed':
      counters.crashes.inc({ ...at, consequence: event.consequence });
      break;
    case 'AgentLost':
      counters.agentLosses.inc(at);
      break;
    default:
  }
  if (!endsAllocation(event.type)) return;
  if (event.type === 'Crashed' && event.consequence === 'restart') return;
  counters.ends.inc({ ...at, end: event.type, cause: causeOf(event) });
}

/** The cause that the event gives, if it is one of a fixed set of words; empty otherwise. */
function causeOf(event: SlotEvent): string {
  switch (event.type) {
    case 'TtlExpired':
      return event.limit;
    case 'CallbackRefused':
      return event.cause;
    default:
      return '';
  }
}
