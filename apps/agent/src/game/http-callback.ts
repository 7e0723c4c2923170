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

/** Nobody answers at that address: the next one may, or the same one later. */
const NOBODY_THERE = ['ECONNREFUSED', 'EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * Calls the game where it listens, as GameFabric does it (`POST`, bearer token, JSON both ways). A
 * game that does not listen yet is tried again; one that has answered, or hung up, is not. Payload
 * and token are for the game: where another process has its port, nothing is sent.
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

  /** Null where nobody listens. */
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

  /** What was waited for, where the time was not enough. */
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
