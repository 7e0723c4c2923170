import { messageOf, Trouble, type Clock } from '#kernel';
import type { Json } from '#slot';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Callback, type CallbackOutcome, type Delivery } from './callback.js';

export interface HttpCallbackSettings {
  readonly path: string;
  /** What the body is: the payload itself, or `{"payload": ...}`. */
  readonly envelope: 'bare' | 'payload';
}

export const ANSWER_BYTES_MAX = 64 * 1024;
const REASON_LENGTH_MAX = 300;

/** How often a door that is not open yet is tried. */
const KNOCK_MS = 50;

/**
 * `POST` to the game on this machine, as GameFabric does it (bearer token, JSON both ways). A game
 * that does not listen yet is tried again; one that has answered, or hung up, is not.
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
      return refused(`the callback failed: ${messageOf(error)}`);
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
    const { path, envelope } = this.settings;
    const body = JSON.stringify(envelope === 'bare' ? payload : { payload });
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      method: 'POST',
      agent: false,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    // Whoever waits is told by what is waited for; a late error has nobody left to hear it.
    sent.on('error', () => undefined);
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return outcomeOf(response.statusCode ?? 0, await readAll(response));
  }
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) {
      throw new Trouble(`the answer exceeds ${ANSWER_BYTES_MAX} bytes`);
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

function outcomeOf(status: number, text: string): CallbackOutcome {
  if (status < 200 || status > 299) return refused(`the game answered ${status}: ${text}`);
  if (text.trim() === '') return { outcome: 'acked', answer: null };
  try {
    return { outcome: 'acked', answer: JSON.parse(text) as Json };
  } catch {
    return refused(`the game answered ${status} with what is not JSON: ${text}`);
  }
}

function refused(reason: string): CallbackOutcome {
  return { outcome: 'refused', reason: reason.slice(0, REASON_LENGTH_MAX) };
}
