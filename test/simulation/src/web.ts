import { TransientError } from '#kernel';
import type { Allocated, AllocationRequest } from '#wire';
import { someLatency, type Life } from './life.js';
import { chanceOf } from './seeds.js';
import type { Timeline } from './timeline.js';

export type Answered = Omit<Allocated, 'status'>;

/** How a gateway serves one HTTP request; `gone` aborts when its requester has hung up. */
export type Handle = (request: AllocationRequest, gone: AbortSignal) => Promise<Answered>;

/** The server went away before it answered, or was not there. */
export class ConnectionLost extends TransientError {
  override readonly name = 'ConnectionLost';
}

/** HTTP to the gateway: nothing is lost on the way, but a connection breaks if one side dies. */
export class Web {
  private readonly latency;
  private listening: { readonly life: Life; readonly handle: Handle } | undefined;

  constructor(
    seed: number,
    private readonly timeline: Timeline,
  ) {
    this.latency = chanceOf(seed, 'web');
  }

  listen(life: Life, handle: Handle): void {
    const listening = { life, handle };
    this.listening = listening;
    life.onEnd(() => {
      if (this.listening === listening) this.listening = undefined;
    });
  }

  /** Rejects with the gateway's error, or with `ConnectionLost`. */
  post(request: AllocationRequest, hungUp: AbortSignal): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const cut = () => this.later(() => reject(new ConnectionLost('the connection is lost')));
      this.later(() => {
        if (this.listening === undefined) return cut();
        const { life, handle } = this.listening;
        const gone = new AbortController();
        const hangUp = () => void life.after(someLatency(this.latency), () => gone.abort());
        life.onEnd(cut);
        hungUp.addEventListener('abort', hangUp, { once: true });
        if (hungUp.aborted) hangUp();
        const back = (settle: () => void) => {
          if (life.touch()) this.later(settle);
        };
        life.after(0, () => {
          handle(request, gone.signal).then(
            (answer) => back(() => resolve(answer)),
            (error: Error) => back(() => reject(error)),
          );
        });
      });
    });
  }

  private later(action: () => void): void {
    this.timeline.after(someLatency(this.latency), action);
  }
}
