import type { Clock } from '#kernel';
import { refused, type CallbackOutcome } from '#callback-http';
import { Callback, type Delivery } from '../../../../apps/agent/src/game/callback.js';
import type { Life } from '../life.js';
import type { Payload, Reply } from './game.js';
import type { GameMachine } from './machine.js';

/** How often a port that is not open yet is tried (ms). */
const KNOCK_MS = 50;

/**
 * The callback as over HTTP: a request may be received although no one waits for the answer any
 * more.
 */
export class SimulatedCallback extends Callback {
  constructor(
    private readonly machine: GameMachine,
    private readonly life: Life,
    private readonly clock: Clock,
  ) {
    super();
  }

  deliver(delivery: Delivery): Promise<CallbackOutcome | null> {
    const { signal, until } = delivery;
    return new Promise((resolve) => {
      const cancel = this.clock.after(until - this.clock.now(), () =>
        resolve(refused('the game did not answer its callback in time')),
      );
      signal.addEventListener('abort', () => resolve(null));
      void this.knock(delivery).then((outcome) => {
        if (outcome === null) return;
        cancel();
        resolve(outcome);
      });
    });
  }

  private async knock(delivery: Delivery): Promise<CallbackOutcome | null> {
    const { token, payload, signal, until } = delivery;
    while (!signal.aborted && this.clock.now() < until) {
      const reply = await this.life.call(() => this.post(token, payload.value() as Payload));
      if (reply !== 'closed') return outcomeOf(reply);
      await this.clock.sleep(KNOCK_MS);
    }
    return null;
  }

  private post(token: string, payload: Payload): Reply | 'closed' | Promise<Reply> {
    const reply = this.machine.listening(token)?.hear(payload) ?? 'closed';
    return reply === 'hangs' ? new Promise(() => undefined) : reply;
  }
}

function outcomeOf(reply: Reply): CallbackOutcome {
  if (typeof reply === 'object') return { outcome: 'acked', answer: reply.answer };
  return reply === 'refuses'
    ? refused('the game refuses')
    : refused('the callback failed: hung up', 'no-answer');
}
