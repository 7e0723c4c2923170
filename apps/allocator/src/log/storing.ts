import {
  CannotStore,
  Condition,
  errorMessage,
  TransientError,
  type Cancel,
  type Clock,
} from '#kernel';
import type { Logger } from '#service-runtime';
import { probeSubject, type OutcomeStore } from '#wire';

/** How often it is looked whether the store has to be tried (ms). */
const PROBE_MS = 1_000;

/**
 * Sizes of what is stored to try it (bytes): an event with a payload is hardly larger than what must
 * be stored again after a failure. While nobody asks for anything, little is written.
 */
const PROBE_BYTES = { failed: 65_536, idle: 4_096 } as const;

/** After this long without a stored append (ms) an allocator tries by itself what it could store. */
const IDLE_MS = 5_000;

export interface StoringDeps {
  readonly region: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly outcomes: OutcomeStore;
  /** Calls the listener after each reconnect. Without this, there is no connection to lose. */
  readonly onReconnect?: (listener: () => void) => Cancel;
}

/**
 * Whether the region's log stores what is appended. While it does not, nothing is appended: a full
 * server is not asked many times a second, and requests get the reason at once. Each second a record
 * of its own, in the stream of outcomes, is written to try whether there is room again; while nothing
 * is appended, every 5 s, so that a full store is known before a request meets it. That says nothing
 * about one stream that is stuck (`unanswered`): for that nats-server must be restarted, which shows
 * as a reconnect.
 */
export class Storing {
  private fault: CannotStore | undefined;
  /** What an idle allocator met. It shuts nothing: the next append decides. */
  private foundIdle: CannotStore | undefined;
  private isProbing = false;
  private storedAt = -Infinity;
  private readonly condition: Condition;
  private readonly idle: Condition;
  private stops: readonly Cancel[] = [];

  constructor(private readonly deps: StoringDeps) {
    const { logger, clock, region } = deps;
    this.condition = new Condition(logger, clock, {
      ...{ begins: 'the log stores nothing', ends: 'the log stores again' },
      ...{ level: 'error', fields: { region } },
    });
    this.idle = new Condition(logger, clock, {
      ...{ begins: 'the log would store nothing', ends: 'the log would store again' },
      ...{ level: 'error', fields: { region } },
    });
  }

  start(): void {
    const { clock, onReconnect } = this.deps;
    const probe = clock.every(PROBE_MS, () => void this.probe());
    const listen = onReconnect?.(() => this.reconnected());
    this.stops = listen === undefined ? [probe] : [probe, listen];
  }

  stop(): void {
    for (const stop of this.stops) stop();
  }

  /** Why nothing is stored now, for requesters; null if there is no known reason. */
  because(): string | null {
    return this.fault?.message ?? null;
  }

  /** Why nothing is stored now and what to do, for operators; null if there is no known reason. */
  explained(): string | null {
    return (this.fault ?? this.foundIdle)?.explained ?? null;
  }

  /** The reason why nothing need be appended now, because a probe will tell when to go on. */
  get shut(): CannotStore | undefined {
    return this.fault?.fault === 'unanswered' ? undefined : this.fault;
  }

  /** Something was stored. */
  stored(): void {
    this.storedAt = this.deps.clock.now();
    this.fault = this.foundIdle = undefined;
    this.condition.pass();
    this.idle.pass();
  }

  /** @param subject what was to be appended to, if anything */
  failed(error: CannotStore, subject?: string): void {
    this.fault = error;
    const { message, remedy, cause } = error;
    this.condition.fail(message, { subject, remedy, said: errorMessage(cause) });
  }

  /** A restart heals a stream that is stuck. Whether there is room again, the next probe says. */
  private reconnected(): void {
    if (this.shut === undefined) this.fault = undefined;
  }

  private async probe(): Promise<void> {
    const isIdle = this.fault === undefined && this.deps.clock.now() - this.storedAt >= IDLE_MS;
    if (this.isProbing || (this.shut === undefined && !isIdle)) return;
    this.isProbing = true;
    const { region, outcomes } = this.deps;
    try {
      const size = isIdle ? PROBE_BYTES.idle : PROBE_BYTES.failed;
      await outcomes.record(probeSubject(region), new Uint8Array(size));
      // Meanwhile an append may have failed, of which a small record says nothing.
      if (!isIdle || this.fault === undefined) this.stored();
    } catch (error) {
      this.probeFailed(error);
    } finally {
      this.isProbing = false;
    }
  }

  /**
   * No answer says nothing, as where JetStream is disabled or a write failed: it is tried again. Where
   * a probe is refused for good, the next append decides.
   */
  private probeFailed(error: unknown): void {
    if (!(error instanceof TransientError)) {
      if (this.shut !== undefined) this.fault = undefined;
    } else if (error instanceof CannotStore && this.fault === undefined) {
      this.foundIdle = error;
      this.idle.fail(error.message, { remedy: error.remedy });
    }
  }
}
