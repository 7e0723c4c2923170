import { sessionEventOf, type Allocation, type SessionEvent } from './allocation.js';
import { DaemonClient } from './daemon-client.js';
import { BerthAway } from './errors.js';

const FIRST_PAUSE_MS = 100;
const PAUSE_MS_MAX = 5_000;

export interface ConnectOptions {
  /** URL of the daemon on this machine; `BERTH_SDK_URL` if missing. */
  readonly url?: string;
  /** Id of this server; `BERTH_SERVER_ID` if missing. */
  readonly serverId?: string;
}

/**
 * Connects a game server to Berth. Reconnects by itself for as long as the game runs, so it may
 * also be called before the daemon is up.
 *
 * @throws `TypeError` if neither the options nor the environment name the daemon and this server
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

/** A connection to Berth. Made by `connect`. */
export class BerthServer {
  private readonly closing = new AbortController();
  private readonly client: DaemonClient;
  private readonly listeners = new Set<(allocationId: string) => void>();
  /** The current session. */
  private current: Allocation | null = null;
  /** Whether `current` was returned by `allocation`. */
  private isGiven = false;
  private readonly waiting = new Set<(allocation: Allocation) => void>();

  constructor(url: string, serverId: string) {
    this.client = new DaemonClient(url, serverId, this.closing.signal);
    void this.listen();
  }

  /**
   * Resolves with the next allocation: at once if the server has one that was not returned yet,
   * otherwise as soon as there is one. Each allocation is returned once.
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
   * Says that the server is ready for the players of its allocation. If the build configuration
   * asks for readiness, the requester is answered only then.
   *
   * @throws `BerthRefused` if the server has no allocation; `BerthAway`
   */
  ready(): Promise<void> {
    // A game that was called back may call this before the event of its allocation has come.
    return this.client.post('/ready', this.current ? { allocationId: this.current.id } : {});
  }

  /**
   * Reports the number of players: a session without players ends after a while. Throws as `ready`
   * does.
   */
  players(count: number): Promise<void> {
    return this.client.post('/players', { count });
  }

  /** Says that the session is over. Berth then stops this process. Throws as `ready` does. */
  done(): Promise<void> {
    return this.client.post('/done', {});
  }

  /**
   * Calls `listener` when the session is over, whatever ended it. The process is stopped soon
   * after. Returns a function that removes the listener.
   */
  onDeallocated(listener: (allocationId: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Closes the connection. Pending calls of `allocation` reject with `BerthAway`. */
  close(): void {
    this.closing.abort(new BerthAway('the connection to Berth was closed'));
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
        // The daemon is away, or does not know this server yet: try again.
      }
      await this.pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
    }
  }

  /** Handles an event. After each reconnection the daemon repeats the current session. */
  private hear(event: SessionEvent): void {
    if (event.type === 'deallocate') return this.end(event.allocationId);
    const { allocation } = event;
    if (allocation.id === this.current?.id) return;
    // The end of that session was missed while the daemon was away.
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
