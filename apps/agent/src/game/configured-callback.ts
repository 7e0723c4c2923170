import { JsonText } from '#json';
import { refused, type CallbackOutcome } from '#callback-http';
import type { Clock } from '#kernel';
import { Callback, type Delivery } from './callback.js';
import { HttpCallback } from './http-callback.js';
import { LOOK_MS, PortWatch } from './port-watch.js';

/**
 * How long (ms) a game must have run to count as ready, if it need not listen, or if the system
 * does not tell whether it listens.
 */
const RUNNING_MS = 1_000;

const ACKED: CallbackOutcome = { outcome: 'acked', answer: JsonText.null };

/** Tells a game of its session in the way that its build configuration says. */
export class ConfiguredCallback extends Callback {
  constructor(private readonly clock: Clock) {
    super();
  }

  async deliver(delivery: Delivery): Promise<CallbackOutcome | null> {
    const { callback, readiness = false } = delivery;
    if (callback?.kind === 'http') return new HttpCallback(callback, this.clock).deliver(delivery);
    if (readiness) return delivery.signal.aborted ? null : ACKED;
    if (callback?.ready === 'running') return this.runs(delivery);
    return this.listens(delivery);
  }

  /** A game without a callback is ready once it has bound its port, over TCP or UDP. */
  private async listens(delivery: Delivery): Promise<CallbackOutcome | null> {
    const { game, ports, ip, until, signal } = delivery;
    const sinceMs = this.clock.now();
    const port = ports.game;
    const watch = new PortWatch(game, port, ip, ['tcp', 'udp'], this.clock);
    for (;;) {
      if (signal.aborted) return null;
      const reach = await watch.look();
      if (reach.kind === 'game') return reach.isGuess ? this.runs(delivery) : ACKED;
      if (reach.kind === 'stranger') {
        return refused(`another process is bound to the port ${port} of the game`, 'not-started');
      }
      if (this.clock.now() >= until) {
        const withinMs = Math.round(until - sinceMs);
        return refused(
          `the game did not bind its port ${port} over TCP or UDP within ${withinMs} ms`,
          'no-answer',
        );
      }
      await this.clock.sleep(Math.min(LOOK_MS, Math.max(0, until - this.clock.now())));
    }
  }

  /**
   * A game that players reach over a relay is ready after `RUNNING_MS`, or after half of the time
   * that is left, if that is sooner.
   */
  private async runs({ game, until, signal }: Delivery): Promise<CallbackOutcome | null> {
    const now = this.clock.now();
    const readyAt = Math.min(game.process.startedAt + RUNNING_MS, now + (until - now) / 2);
    await this.clock.sleep(Math.max(0, readyAt - now));
    return signal.aborted ? null : ACKED;
  }
}
