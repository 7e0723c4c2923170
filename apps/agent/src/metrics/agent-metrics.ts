import { countEndpoints, Metrics } from '#metrics';
import type { GameRunner } from '../process/game-runner.js';
import { countOf, type GameSignals } from '../slot/game-signals.js';
import type { SlotReconciler } from '../slot/slot-reconciler.js';

/** The metrics of an agent and of the games on its machine. */
export function agentMetrics() {
  const metrics = new Metrics('agent');
  const slots = metrics.gauge('berth_agent_slots', 'Slots of this machine', []);
  const games = metrics.gauge('berth_agent_games', 'Games that run on this machine', []);
  const players = metrics.gauge(
    'berth_agent_players',
    'Players in all games of this machine, as far as they are known',
    [],
  );
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
      players.set(opened.reduce((sum, { signals }) => sum + playersIn(signals), 0));
      const { tried, failed } = runner.starts;
      starts.reset();
      starts.inc({ outcome: 'started' }, tried - failed);
      starts.inc({ outcome: 'failed' }, failed);
      kills.reset();
      for (const [cause, count] of Object.entries(runner.kills)) kills.inc({ cause }, count);
    });
  return { metrics, watch, watchEndpoints: countEndpoints(metrics) };
}

function playersIn(signals: GameSignals): number {
  const counted = countOf(signals);
  return counted !== null && 'players' in counted ? counted.players : 0;
}
