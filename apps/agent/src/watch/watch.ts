import type { Cancel, Clock } from '#kernel';
import type { QueryClient } from '#server-query';
import type { Logger } from '#service-runtime';
import { judge, unknownHealth, type Health } from './health.js';
import { askAt, queryHosts } from './query-address.js';
import type { WatchedGame, WatchedSlot } from './watched-slot.js';

/** How often (ms) it is checked which games are due for a query. */
const TICK_MS = 100;

/** What is known of one run of a game. */
interface QueriedRun {
  health: Health;
  askedAt: number;
  asking: boolean;
  /** The address where it answered last; null if all addresses are to be asked. */
  host: string | null;
  /** Whether it has been logged that the game cannot be queried. */
  isUnasked: boolean;
}

/**
 * Queries the games of a machine, each when it is due: how many play, and whether the game is
 * alive.
 */
export class Watch {
  private readonly slots = new Map<WatchedSlot, QueriedRun | null>();
  private cancel: Cancel = () => undefined;

  constructor(
    private readonly client: Pick<QueryClient, 'ask' | 'close'>,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  add(slot: WatchedSlot): void {
    this.slots.set(slot, null);
  }

  start(): void {
    this.cancel = this.clock.every(TICK_MS, () => this.tick());
  }

  stop(): void {
    this.cancel();
    this.client.close();
  }

  private tick(): void {
    for (const [slot, known] of this.slots) {
      const game = slot.watched();
      const isKnown = game !== null && known?.health.run === game.run;
      const run = game === null ? null : isKnown ? known : notYetAsked(game);
      this.slots.set(slot, run);
      if (game !== null && run !== null && this.isDue(game, run)) {
        void this.ask(slot, game, run);
      }
    }
  }

  private isDue({ checks }: WatchedGame, { asking, health, askedAt }: QueriedRun): boolean {
    return !asking && !health.hasFailed && this.clock.now() - askedAt >= checks.everyMs;
  }

  private async ask(slot: WatchedSlot, game: WatchedGame, run: QueriedRun): Promise<void> {
    const { protocol, ip, port, checks } = game;
    run.asking = true;
    run.askedAt = this.clock.now();
    const hosts = run.host === null ? queryHosts(ip) : [run.host];
    const question = { protocol, port, withinMs: checks.withinMs };
    const { outcome, host } = await askAt(this.client, hosts, question);
    run.asking = false;
    run.host = host;
    // Another game may run by now; the outcome says nothing about it.
    if (slot.watched()?.run !== game.run) return;
    if (outcome.kind === 'not-asked' && !run.isUnasked) {
      const { reason } = outcome;
      this.log.warn({ run: game.run, ip, port, reason }, 'a game could not be queried');
    }
    run.isUnasked = outcome.kind === 'not-asked';
    const [health, finding] = judge(game, run.health, outcome, this.clock.now());
    run.health = health;
    if (finding?.kind === 'counted') slot.counted(finding.counted);
    if (finding?.kind === 'failed') slot.checkFailed(game.run, finding.failure);
  }
}

/** The first query is due at once. */
function notYetAsked({ run }: WatchedGame): QueriedRun {
  const health = unknownHealth(run);
  return { health, askedAt: 0, asking: false, host: null, isUnasked: false };
}
