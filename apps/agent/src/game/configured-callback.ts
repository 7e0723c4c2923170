import { JsonText } from '#json';
import type { Clock } from '#kernel';
import type { CallbackOutcome } from '#callback-http';
import { Callback, type Delivery } from './callback.js';
import { HttpCallback } from './http-callback.js';
import { hasListener } from './sockets.js';

/** How often a game is looked at that has yet to listen. */
const LOOK_MS = 50;

/** Where nobody can tell whether a game listens, it is taken to do so after this (ms). */
const MOMENT_MS = 1_000;

/** Tells a game of its session as its build configuration says. */
export class ConfiguredCallback extends Callback {
  constructor(private readonly clock: Clock) {
    super();
  }

  async deliver(delivery: Delivery): Promise<CallbackOutcome | null> {
    const { callback } = delivery;
    if (callback?.kind === 'http') return new HttpCallback(callback, this.clock).deliver(delivery);
    await this.untilItListens(delivery);
    return delivery.signal.aborted ? null : { outcome: 'acked', answer: JsonText.null };
  }

  /**
   * A game that is not called gives its consent by listening. One that never does, because its
   * players reach it over a relay, gives it by running for half of the time that it has.
   */
  private async untilItListens({ listener, until, signal }: Delivery): Promise<void> {
    if (!listener) return;
    const { clock } = this;
    const since = clock.now();
    for (;;) {
      const listens = await hasListener(listener.pid, listener.port);
      if (listens === true || signal.aborted) return;
      const patienceMs = listens === null ? MOMENT_MS : (until - since) / 2;
      if (clock.now() >= since + patienceMs) return;
      await clock.sleep(LOOK_MS);
    }
  }
}
