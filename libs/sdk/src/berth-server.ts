import { sessionEventOf, type Allocation, type SessionEvent } from './allocation.js';
import { DaemonClient } from './daemon-client.js';
import { BerthAway } from './errors.js';

const FIRST_PAUSE_MS = 100;
const PAUSE_MS_MAX = 5_000;

export interface ConnectOptions {
  /** Of the daemon on this machine; `BERTH_SDK_URL` if missing. */
  readonly url?: string;
  /** Which server this is; `BERTH_SERVER_ID` if missing. */
  readonly serverId?: string;
}

/**
 * A game server's line to Berth. Comes back by itself when the daemon was away, for as long as the
 * game runs; so it also may be opened before there is a daemon.
 *
 * @throws `TypeError` where neither options nor environment say who this server is
 */
export function connect(options: ConnectOptions = {}): BerthServer {
  const url = options.url ?? process.env['BERTH_SDK_URL'];
  const serverId = options.serverId ?? process.env['BERTH_SERVER_ID'];
  if (!url || !serverId) {
    throw new TypeError(
      'BERTH_SDK_URL and BERTH_SERVER_ID are not set: Berth sets them for the games it starts, ' +
        'unless its SDK daemon is off',
    );
  }
  return new BerthServer(url, serverId);
}

/** Made by `connect`. */
export class BerthServer {
  private readonly closing = new AbortController();
  private readonly client: DaemonClient;
  private readonly listeners = new Set<(allocationId: string) => void>();
  /** The session that is on. */
  private current: Allocation | null = null;
  /** Whether somebody was given `current`. */
  private isGiven = false;
  private readonly waiting = new Set<(allocation: Allocation) => void>();

  constructor(url: string, serverId: string) {
    this.client = new DaemonClient(url, serverId, this.closing.signal);
    void this.listen();
  }

  /**
   * The next allocation: at once where the server has one that was not given yet, else as soon as
   * there is one. None is given twice.
   *
   * @throws the signal's reason when it aborts; `BerthAway` when `close` was called
   */
  allocation({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Allocation> {
    return new Promise((resolve, reject) => {
      const ends = [this.closing.signal, ...(signal ? [signal] : [])];
      const stop = () => {
        this.waiting.delete(take);
        for (const end of ends) end.removeEventListener('abort', abort);
      };
      const abort = () => {
        stop();
        reject(ends.find(({ aborted }) => aborted)?.reason as Error);
      };
      const take = (allocation: Allocation) => {
        stop();
        resolve(allocation);
      };
      for (const end of ends) end.addEventListener('abort', abort);
      this.waiting.add(take);
      if (ends.some(({ aborted }) => aborted)) abort();
      else this.give();
    });
  }

  /**
   * Says that the server is ready for the players of its allocation. Where the build configuration
   * asks for readiness, the requester is answered only then.
   *
   * @throws `BerthRefused` where the server has no allocation, `BerthAway`
   */
  ready(): Promise<void> {
    // One that was called back may be quicker than the news of its allocation.
    return this.client.post('/ready', this.current ? { allocationId: this.current.id } : {});
  }

  /** Says how many play: a session without players ends after a while. Throws as `ready` does. */
  players(count: number): Promise<void> {
    return this.client.post('/players', { count });
  }

  /** Says that the session is over; Berth then stops this process. Throws as `ready` does. */
  done(): Promise<void> {
    return this.client.post('/done', {});
  }

  /** Calls back when the session is over, whoever ended it; the process is stopped soon after. */
  onDeallocated(listener: (allocationId: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Lets go of the daemon; who waits for an allocation is told so. */
  close(): void {
    this.closing.abort(new BerthAway('the line to Berth was closed'));
  }

  private async listen(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.closing.signal.aborted) {
      try {
        for await (const { type, data } of this.client.events(() => (pauseMs = FIRST_PAUSE_MS))) {
          const event = sessionEventOf(type, data);
          if (event !== null) this.hear(event);
        }
      } catch {
        // The daemon is away, or does not know this server yet: it comes back.
      }
      await this.pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
    }
  }

  /** Whoever listens again is told again of what is on. */
  private hear(event: SessionEvent): void {
    if (event.type === 'deallocate') return this.end(event.allocationId);
    const { allocation } = event;
    if (allocation.id === this.current?.id) return;
    // Its end was not heard: the daemon was away.
    if (this.current) this.end(this.current.id);
    this.current = allocation;
    this.isGiven = false;
    this.give();
  }

  private give(): void {
    const [take] = this.waiting;
    if (take === undefined || this.current === null || this.isGiven) return;
    this.isGiven = true;
    take(this.current);
  }

  private end(allocationId: string): void {
    if (allocationId !== this.current?.id) return;
    this.current = null;
    for (const listener of this.listeners) listener(allocationId);
  }

  private pause(pauseMs: number): Promise<void> {
    const { signal } = this.closing;
    return new Promise((resolve) => {
      const timer = setTimeout(end, pauseMs);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();

      function end(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      }
    });
  }
}
