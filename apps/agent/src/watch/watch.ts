import type { Cancel, Clock } from '#kernel';
import type { QueryClient } from '#server-query';
import type { Logger } from '#service-runtime';
import { judge, unknownHealth, type Health } from './health.js';
import { askAt, queryHosts } from './query-address.js';
import type { WatchedGame, WatchedSlot } from './watched-slot.js';

/** How often it is looked which games are due. */
const TICK_MS = 100;

/** What is known of one run of a game. */
interface QueriedRun {
  health: Health;
  askedAt: number;
  asking: boolean;
  /** Where it answered last; null: it is asked wherever it may listen. */
  host: string | null;
  /** Whether it has been said that it cannot be asked. */
  isUnasked: boolean;
}

/** Asks all games of a machine, one after the other is due, how many play, and whether they live. */
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
    // Another game may run by now, of which this says nothing.
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

/** The first question is due at once. */
function notYetAsked({ run }: WatchedGame): QueriedRun {
  const health = unknownHealth(run);
  return { health, askedAt: 0, asking: false, host: null, isUnasked: false };
}
