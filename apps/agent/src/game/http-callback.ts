import { errorMessage, type Clock } from '#kernel';
import { callbackBody, post, refused, type BodyForm, type CallbackOutcome } from '#callback-http';
import { isIPv6 } from 'node:net';
import { Callback, type Delivery } from './callback.js';
import { LOOK_MS, PortWatch } from './port-watch.js';

export interface HttpCallbackSettings extends BodyForm {
  readonly path: string;
  /** POST if missing. */
  readonly method?: 'POST' | 'PUT' | 'GET';
}

/**
 * Error codes that mean that nobody listens at an address: another address may answer, or this one
 * later.
 */
const NOBODY_THERE = ['ECONNREFUSED', 'EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * Calls the game over HTTP as GameFabric does it (`POST`, bearer token, JSON both ways). A game
 * that does not listen yet is tried again. A game that has answered, or hung up, is not called
 * again. Payload and token are for the game only: if another process has its port, nothing is sent.
 */
export class HttpCallback extends Callback {
  constructor(
    private readonly settings: HttpCallbackSettings,
    private readonly clock: Clock,
  ) {
    super();
  }

  async deliver(delivery: Delivery): Promise<CallbackOutcome | null> {
    const deadline = new AbortController();
    const leftMs = delivery.until - this.clock.now();
    const cancel = this.clock.after(leftMs, () => deadline.abort());
    const signal = AbortSignal.any([delivery.signal, deadline.signal]);
    const progress = { isHeard: false };
    try {
      return await this.call(delivery, signal, progress);
    } catch (error) {
      if (delivery.signal.aborted) return null;
      if (!deadline.signal.aborted)
        return refused(`the callback failed: ${errorMessage(error)}`, 'no-answer');
      return refused(this.inWords(delivery, leftMs, progress.isHeard), 'no-answer');
    } finally {
      cancel();
    }
  }

  private async call(
    delivery: Delivery,
    signal: AbortSignal,
    progress: { isHeard: boolean },
  ): Promise<CallbackOutcome> {
    const { game, ip } = delivery;
    const port = delivery.ports.callback;
    const watch = new PortWatch(game, port, ip, ['tcp'], this.clock);
    for (;;) {
      signal.throwIfAborted();
      const reach = await watch.look();
      if (reach.kind === 'stranger') return taken(port);
      const addresses = reach.kind === 'game' ? reach.addresses : [];
      for (const address of addresses) {
        const outcome = await this.post(address, delivery, signal, progress);
        if (outcome !== null) return (await watch.isTaken()) ? taken(port) : outcome;
      }
      await this.clock.sleep(LOOK_MS);
    }
  }

  /** Null if nobody listens at the address. */
  private async post(
    address: string,
    { ports, token, payload }: Delivery,
    signal: AbortSignal,
    progress: { isHeard: boolean },
  ): Promise<CallbackOutcome | null> {
    const { path, method = 'POST' } = this.settings;
    const body = callbackBody(this.settings, payload, { token });
    const port = ports.callback;
    const host = `${isIPv6(address) ? `[${address}]` : address}:${port}`;
    progress.isHeard = true;
    try {
      return await post(
        { secure: false, name: address, address, port, path, host },
        { token, body, signal, method },
      );
    } catch (error) {
      if (!NOBODY_THERE.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      progress.isHeard = false;
      return null;
    }
  }

  /** Why the callback timed out: the game did not listen, or did not answer. */
  private inWords({ ports }: Delivery, leftMs: number, isHeard: boolean): string {
    const { path, method = 'POST' } = this.settings;
    const did = isHeard ? `answer ${method} ${path}` : 'listen';
    const withinMs = Math.max(0, Math.round(leftMs));
    return `the game did not ${did} on its callback port ${ports.callback} within ${withinMs} ms`;
  }
}

function taken(port: number): CallbackOutcome {
  return refused(`another process listens on the callback port ${port} of the game`, 'not-started');
}
