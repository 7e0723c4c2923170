import { CannotStore, Condition, errorMessage, type Cancel, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import { probeSubject, type OutcomeStore } from '#wire';

/** How often it is tried whether the server stores again (ms). */
const PROBE_MS = 1_000;

/** Size of what is stored to try it: an event with a payload is hardly larger (bytes). */
const PROBE_BYTES = 65_536;

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
 * of its own, in the stream of outcomes, is written to try whether there is room again. That says
 * nothing about one stream that is stuck (`unanswered`): for that nats-server must be restarted,
 * which shows as a reconnect.
 */
export class Storing {
  private fault: CannotStore | undefined;
  private isProbing = false;
  private readonly condition: Condition;
  private stops: readonly Cancel[] = [];

  constructor(private readonly deps: StoringDeps) {
    const { logger, clock, region } = deps;
    this.condition = new Condition(logger, clock, {
      ...{ begins: 'the log stores nothing', ends: 'the log stores again' },
      ...{ level: 'error', fields: { region } },
    });
  }

  start(): void {
    const { clock, onReconnect } = this.deps;
    const probe = clock.every(PROBE_MS, () => void this.probe());
    const listen = onReconnect?.(() => (this.fault = undefined));
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
    return this.fault?.explained ?? null;
  }

  /** The reason why nothing need be appended now, because a probe will tell when to go on. */
  get shut(): CannotStore | undefined {
    return this.fault?.fault === 'unanswered' ? undefined : this.fault;
  }

  /** Something was stored. */
  stored(): void {
    this.fault = undefined;
    this.condition.pass();
  }

  /** @param subject what was to be appended to, if anything */
  failed(error: CannotStore, subject?: string): void {
    this.fault = error;
    const { message, remedy, cause } = error;
    this.condition.fail(message, { subject, remedy, said: errorMessage(cause) });
  }

  /**
   * Any answer but `CannotStore` lets appends go on, since the next one decides. Where JetStream is
   * disabled there is no answer.
   */
  private async probe(): Promise<void> {
    if (this.isProbing || this.shut === undefined) return;
    this.isProbing = true;
    const { region, outcomes } = this.deps;
    try {
      await outcomes.record(probeSubject(region), new Uint8Array(PROBE_BYTES));
      this.stored();
    } catch (error) {
      const isOther = !(error instanceof CannotStore) && this.fault?.fault !== 'disabled';
      if (isOther) this.fault = undefined;
    } finally {
      this.isProbing = false;
    }
  }
}
