import type { Cancel, Clock } from '#kernel';
import { Unanswered, type QueryClient } from '#server-query';
import type { WatchedGame, WatchedSlot } from './watched-slot.js';

/** How often it is looked which games are due. */
const TICK_MS = 100;

/** What is known of the health of one game. */
interface Health {
  readonly run: string;
  askedAt: number;
  asking: boolean;
  hasAnswered: boolean;
  /** Questions without an answer, in a row. */
  misses: number;
  hasFailed: boolean;
}

/** Asks all games of a machine, one after the other is due, how many play, and whether they live. */
export class Watch {
  private readonly slots = new Map<WatchedSlot, Health | null>();
  private cancel: Cancel = () => undefined;

  constructor(
    private readonly client: Pick<QueryClient, 'ask' | 'close'>,
    private readonly clock: Clock,
    /** An IPv4 address at which the games hear queries. */
    private readonly host = '127.0.0.1',
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
      const health = game === null ? null : known?.run === game.run ? known : unknown(game);
      this.slots.set(slot, health);
      if (game !== null && health !== null && this.isDue(game, health)) {
        void this.ask(slot, game, health);
      }
    }
  }

  private isDue({ checks }: WatchedGame, { asking, hasFailed, askedAt }: Health): boolean {
    return !asking && !hasFailed && this.clock.now() - askedAt >= checks.everyMs;
  }

  private async ask(slot: WatchedSlot, game: WatchedGame, health: Health): Promise<void> {
    const { protocol, port, checks } = game;
    health.asking = true;
    health.askedAt = this.clock.now();
    const question = { protocol, port, host: this.host, withinMs: checks.withinMs };
    try {
      const { players } = await this.client.ask(question);
      health.hasAnswered = true;
      health.misses = 0;
      // Another game may run by now, whose players these are not.
      if (slot.watched()?.run === game.run) slot.players(players);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      this.missed(slot, game, health, error.message);
    } finally {
      health.asking = false;
    }
  }

  private missed(slot: WatchedSlot, game: WatchedGame, health: Health, how: string): void {
    const { checks, coldStartMs, startedAt, protocol, port, run } = game;
    const now = this.clock.now();
    health.misses += 1;
    if (health.misses < checks.failuresMax) return;
    if (!health.hasAnswered && now - startedAt < coldStartMs) return;
    health.hasFailed = true;
    const times = `${health.misses} times in a row`;
    const before = health.hasAnswered ? '' : ', and no answer before';
    const reason = `${protocol} on port ${port}: ${how}, ${times}${before}`;
    slot.checkFailed(run, { check: 'query', reason, failedAt: now });
  }
}

/** The first question is due at once. */
function unknown({ run }: WatchedGame): Health {
  return { run, askedAt: 0, asking: false, hasAnswered: false, misses: 0, hasFailed: false };
}
