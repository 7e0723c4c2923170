import { errorMessage, type Clock } from '#kernel';
import { callbackBody, post, refused, type BodyForm, type CallbackOutcome } from '#callback-http';
import { Callback, type Delivery } from './callback.js';

export interface HttpCallbackSettings extends BodyForm {
  readonly path: string;
  /** POST if missing. */
  readonly method?: 'POST' | 'PUT' | 'GET';
}

const HERE = '127.0.0.1';

/** How often a door that is not open yet is tried. */
const KNOCK_MS = 50;

/**
 * Calls the game on this machine, as GameFabric does it (`POST`, bearer token, JSON both ways). A
 * game that does not listen yet is tried again; one that has answered, or hung up, is not.
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
    const cancel = this.clock.after(delivery.until - this.clock.now(), () => deadline.abort());
    const signal = AbortSignal.any([delivery.signal, deadline.signal]);
    try {
      return await this.knock(delivery, signal);
    } catch (error) {
      if (delivery.signal.aborted) return null;
      if (deadline.signal.aborted) return refused('the game did not answer its callback in time');
      return refused(`the callback failed: ${errorMessage(error)}`);
    } finally {
      cancel();
    }
  }

  private async knock(delivery: Delivery, signal: AbortSignal): Promise<CallbackOutcome> {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await this.post(delivery, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
      }
      await this.clock.sleep(KNOCK_MS);
    }
  }

  private async post(
    { port, token, payload }: Delivery,
    signal: AbortSignal,
  ): Promise<CallbackOutcome> {
    const { path, method = 'POST' } = this.settings;
    const body = callbackBody(this.settings, payload, { token });
    const host = `${HERE}:${port}`;
    const target = { secure: false, name: HERE, address: HERE, port, path, host };
    return post(target, { token, body, signal, method });
  }
}
