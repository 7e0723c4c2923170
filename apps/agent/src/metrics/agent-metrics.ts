import { countEndpoints, LabelValues, Metrics } from '#metrics';
import type { GameRunner } from '../process/game-runner.js';
import { countOf, type GameSignals } from '../slot/game-signals.js';
import type { SlotReconciler } from '../slot/slot-reconciler.js';

/** Seconds that games take to start: from a small program to a server that loads its world. */
const START_BUCKETS_S: readonly number[] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300];

/** Number of fleets with a label of their own; an agent's settings name one for each slot. */
const FLEETS_MAX = 200;

/** The metrics of an agent and of the games on its machine. */
export function agentMetrics() {
  const metrics = new Metrics('agent');
  const slots = metrics.gauge('berth_agent_slots', 'Slots of this machine', []);
  const games = metrics.gauge('berth_agent_games', 'Games that run on this machine', []);
  const players = metrics.gauge(
    'berth_agent_players',
    'Players in games of this machine, as far as they are known',
    ['region', 'fleet'],
  );
  const readyAfter = metrics.latency(
    'berth_agent_game_ready_seconds',
    'From the start of a game until it was ready: it answered a query, spoke to the SDK, or accepted the session that it was started for',
    ['region', 'fleet'],
    START_BUCKETS_S,
  );
  const fleets = new LabelValues(FLEETS_MAX);
  const placeOf = ({ ref, fleet }: SlotReconciler) => ({
    region: ref.region,
    fleet: fleets.of(fleet),
  });
  const starts = metrics.counter('berth_agent_game_starts_total', 'Starts of games, by outcome', [
    'outcome',
  ]);
  const kills = metrics.counter(
    'berth_agent_game_kills_total',
    'Games that were killed: they did not end in time (`grace`), or took more than they may (`limit`)',
    ['cause'],
  );
  const watch = (runner: GameRunner, opened: readonly SlotReconciler[]) =>
    metrics.onScrape(() => {
      slots.set(opened.length);
      games.set(runner.families().size);
      players.reset();
      for (const slot of opened) players.inc(placeOf(slot), playersIn(slot.signals));
      const { tried, failed } = runner.starts;
      starts.reset();
      starts.inc({ outcome: 'started' }, tried - failed);
      starts.inc({ outcome: 'failed' }, failed);
      kills.reset();
      for (const [cause, count] of Object.entries(runner.kills)) kills.inc({ cause }, count);
    });
  const watchStarts = (slot: SlotReconciler) => {
    slot.starts.onReady = (elapsedMs) => readyAfter.observe(placeOf(slot), elapsedMs / 1_000);
  };
  return { metrics, watch, watchStarts, watchEndpoints: countEndpoints(metrics) };
}

function playersIn(signals: GameSignals): number {
  const counted = countOf(signals);
  return counted !== null && 'players' in counted ? counted.players : 0;
}
