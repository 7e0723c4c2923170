import {
  errorMessage,
  TransientError,
  type Cancel,
  type LogItem,
  type LogSubscription,
} from '#kernel';
import type { Pool } from '#pool';
import { slotsSubject, type SlotRecord } from '#wire';
import { CatchingUp, HEARD_WITHIN_MS } from './catching-up.js';
import type { AllocatorPorts } from '../ports.js';
import type { SlotWriter } from './slot-writer.js';
import type { Storing } from './storing.js';

/** An allocator does not claim if its own last append has not come back within this time (ms). */
const OWN_APPEND_WITHIN_MS = 5_000;

/** Time to read what was stored before a question came, and how often that is checked (ms). */
const CATCH_UP_MS = 1_500;
const CATCH_UP_LOOK_MS = 10;

/** How often old ids are forgotten (ms). */
const FORGET_EVERY_MS = 60_000;

type Unreadable = Extract<LogItem<SlotRecord>, { readonly kind: 'unreadable' }>;

/** Whether an allocator's view of the log is fresh enough for decisions. */
export interface Freshness {
  /** Why it is not fresh; null if it is. */
  staleBecause(): string | null;

  /**
   * Resolves to null once everything stored before the call has been read, or to the reason why
   * not. An allocator that lags behind does not know an id that another has just served, so it must
   * read on before it says that there is none.
   */
  unreadBecause(): Promise<string | null>;

  /**
   * Resolves to true once the log has been read up to `sequence`; to false at `until` (epoch ms).
   */
  hasRead(sequence: number, until: number): Promise<boolean>;
}

/**
 * Keeps the pool up to date: first the present of every slot and the recent history, in which the
 * ends of sessions are, then every event as it is stored.
 */
export class PoolFeeder implements Freshness {
  private following: LogSubscription | undefined;
  private readonly catchingUp: CatchingUp;
  private reading: Promise<string | null> = Promise.resolve(null);
  private nextReading: Promise<string | null> | undefined;
  private toldForgotten = 0;
  private stopForgetting: Cancel = () => undefined;

  constructor(
    private readonly region: string,
    private readonly ports: AllocatorPorts,
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
    private readonly rememberMs: number,
    storing: Storing,
  ) {
    this.catchingUp = new CatchingUp({
      ...ports,
      ...{ region, storing },
      read: () => this.following?.sequence ?? 0,
      silentMs: () => this.following?.silentMs ?? 0,
    });
  }

  async start(): Promise<void> {
    const { clock, log } = this.ports;
    this.forget();
    // The last message may have been forgotten; reading up to this end misses nothing.
    const end = await log.end();
    const last = Math.max(end, await this.readPresent(end));
    this.pool.capacity.followFrom(last);
    this.following = await log.follow(last, {
      has: (subject, sequence) => this.writer.has(subject, sequence),
      receive: (item) => this.writer.takeNext(item),
    });
    this.catchingUp.start();
    this.stopForgetting = clock.every(FORGET_EVERY_MS, () => this.forget());
  }

  /**
   * Reads the present of every slot, and the recent ends of sessions. Of slots to which something
   * happened recently all those events are read, of the others the last one, and none twice: with a
   * million slots most of a start is reading. Returns the last sequence that was read, or 0.
   */
  private async readPresent(end: number): Promise<number> {
    const { log } = this.ports;
    const slots = slotsSubject(this.region);
    const unreadable = new Map<string, Unreadable>();
    const recent = (await this.firstRecent()) ?? end + 1;
    let last = 0;
    const take = (item: LogItem<SlotRecord>) => {
      last = item.sequence;
      if (item.kind === 'unreadable') unreadable.set(item.subject, item);
      else {
        unreadable.delete(item.subject);
        this.writer.take(item);
      }
    };
    for await (const item of log.present(slots)) {
      if (item.sequence >= recent) break;
      take(item);
    }
    for await (const item of log.read(slots, { sequence: recent })) take(item);
    for (const item of unreadable.values()) await this.fallBack(item);
    this.writer.numbers.begin(this.pool.slots.all);
    return last;
  }

  /** The sequence of the first event that is not older than what is remembered. */
  private async firstRecent(): Promise<number | undefined> {
    const at = this.ports.clock.now() - this.rememberMs;
    for await (const { sequence } of this.ports.log.read(slotsSubject(this.region), { at })) {
      return sequence;
    }
    return undefined;
  }

  /** Sets an unreadable event aside; the slot's state is that of its last readable event. */
  private async fallBack(item: Unreadable): Promise<void> {
    let before: LogItem<SlotRecord> | undefined;
    for await (const earlier of this.ports.log.read(item.subject)) {
      if (earlier.kind === 'recorded' && earlier.sequence < item.sequence) before = earlier;
    }
    this.writer.take(before);
    this.writer.take(item);
  }

  stop(): void {
    this.catchingUp.stop();
    this.stopForgetting();
    this.following?.close();
    this.following = undefined;
  }

  /** How far the log has been read, and how long it was not heard (ms). */
  get progress(): { readonly sequence: number; readonly silentMs: number } {
    const { sequence = 0, silentMs = 0 } = this.following ?? {};
    return { sequence, silentMs };
  }

  staleBecause(): string | null {
    if (this.following === undefined) return 'the log is still being read';
    const now = this.ports.clock.now();
    const { silentMs } = this.following;
    const behind = this.catchingUp.because();
    if (silentMs > HEARD_WITHIN_MS) return `the log has been silent for ${silentMs} ms`;
    if (behind !== null) return behind;
    const { sequence, at } = this.writer.lastStored;
    if (this.following.sequence < sequence && now - at > OWN_APPEND_WITHIN_MS) {
      return `its own append ${sequence} has not come back for ${now - at} ms`;
    }
    return null;
  }

  /** Notes an answer: a verdict, or a request to ask again. */
  answered(isVerdict: boolean): void {
    this.catchingUp.answered(isVerdict);
  }

  async hasRead(sequence: number, until: number): Promise<boolean> {
    const { clock } = this.ports;
    while ((this.following?.sequence ?? 0) < sequence) {
      if (clock.now() >= until) return false;
      await clock.sleep(CATCH_UP_LOOK_MS);
    }
    return true;
  }

  unreadBecause(): Promise<string | null> {
    // All callers that come during one reading are answered by the next one.
    const readOn = () => {
      this.nextReading = undefined;
      return this.readOn();
    };
    this.nextReading ??= this.reading.then(readOn, readOn);
    this.reading = this.nextReading;
    return this.nextReading;
  }

  private async readOn(): Promise<string | null> {
    const { following } = this;
    const stale = this.staleBecause();
    if (following === undefined || stale !== null) return stale;
    const { clock, log } = this.ports;
    const until = clock.now() + CATCH_UP_MS;
    try {
      const end = await log.end();
      while (following.sequence < end) {
        if (clock.now() >= until) return 'the log is still being read';
        await clock.sleep(CATCH_UP_LOOK_MS);
      }
      // This process may have paused after it was told the end.
      return this.staleBecause();
    } catch (error) {
      if (error instanceof TransientError) return errorMessage(error);
      throw error;
    }
  }

  private forget(): void {
    const { forgottenEarly } = this.pool.allocations.remembered;
    if (forgottenEarly > this.toldForgotten) {
      this.ports.logger.warn({ forgottenEarly }, 'more ids ended than can be remembered');
      this.toldForgotten = forgottenEarly;
    }
    this.pool.allocations.forgetBefore(this.ports.clock.now() - this.rememberMs);
  }
}
