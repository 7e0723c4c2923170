import { errorMessage, type Clock } from '#kernel';
import {
  callbackBody,
  post,
  refused,
  type BodyForm,
  type CallbackOutcome,
  type OutboundGuard,
} from '#callback-http';
import type { Logger } from '#service-runtime';
import type { JsonText } from '#json';

/** The callback of one claim to a registered server. */
export interface Call {
  readonly url: string;
  readonly token: string;
  readonly payload: JsonText;
  readonly withinMs: number;
  /** Aborted when no request waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Calls registered servers, at addresses that the guard allows. */
export class Callbacks {
  private denials = 0;

  constructor(
    private readonly settings: BodyForm,
    private readonly guard: OutboundGuard,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /**
   * Why a registration's callback must not be called; null if it may be called, as far as is known
   * now.
   */
  async deniedBecause(url: string, address: string) {
    const admitted = await this.guard.admit(url);
    if (admitted.kind === 'target') return null;
    this.denied(address, admitted.reason);
    return admitted;
  }

  /**
   * Null if `signal` was aborted. Never throws: a failure of the server is returned as a refusal.
   */
  async deliver(address: string, call: Call): Promise<CallbackOutcome | null> {
    const deadline = new AbortController();
    const cancel = this.clock.after(call.withinMs, () => deadline.abort());
    try {
      return await this.call(address, call, AbortSignal.any([call.signal, deadline.signal]));
    } catch (error) {
      if (call.signal.aborted) return null;
      if (deadline.signal.aborted) {
        return refused('the server did not answer its callback in time', 'no-answer');
      }
      return refused(`the callback failed: ${errorMessage(error)}`, 'no-answer');
    } finally {
      cancel();
    }
  }

  /** Resolves the host name again: its address may have changed since the registration. */
  private async call(
    address: string,
    { url, token, payload }: Call,
    signal: AbortSignal,
  ): Promise<CallbackOutcome> {
    const admitted = await this.guard.admit(url);
    if (admitted.kind === 'denied') {
      this.denied(address, admitted.reason);
      return refused(`the callback is not made: ${admitted.reason}`, 'not-started');
    }
    signal.throwIfAborted();
    const body = callbackBody(this.settings, payload);
    return post(admitted, { token, body, signal });
  }

  private denied(server: string, reason: string): void {
    this.denials += 1;
    this.logger.warn({ server, reason, denials: this.denials }, 'a callback is denied');
  }
}
