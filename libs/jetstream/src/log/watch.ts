import {
  readItem,
  TransientError,
  type Cancel,
  type Codec,
  type LogRecord,
  type LogConsumer,
  type Subscription,
} from '#kernel';
import { liveSubject, storedSubject } from '#wire';
import type { Msg } from '@nats-io/transport-node';
import type { StreamAccess } from './delivery.js';
import type { Stored } from './direct.js';
import { bySubject, LogIdentity, LogWentBack } from './log-identity.js';
import { keepTrying } from '../connection/retry.js';
import { ConnectionWatch } from '../connection/connection-watch.js';

/**
 * How often the present is read again (ms), for messages lost without notice (a route in a
 * cluster).
 */
const REFRESH_MS = 30_000;

/**
 * How long (ms) a copy of the stream may be behind what was read, before the watch concludes that
 * the log went back.
 */
const BEHIND_MS_MAX = 15_000;

type Present = () => AsyncIterable<Stored>;

/**
 * Watches the matching subjects: it passes on republished messages as they come, and the present of
 * each subject at the start, after a reconnect and every 30 s.
 *
 * Nothing is buffered. For each subject only messages newer than the last one are passed on, so the
 * two sources need no common order; and after a gap, the message that reveals it is itself the
 * latest. Memory holds one sequence for each subject. If the log is not the one that was watched,
 * everything passed on is void, and the watch starts over from the present.
 */
export class LiveWatch<F extends LogRecord> implements Subscription {
  private readonly access: StreamAccess;
  private readonly codec: Codec<F>;
  private readonly follower: LogConsumer<F>;
  private readonly onError: (error: unknown) => void;
  private readonly present: Present;
  /** Sequence of the last item given, by subject. */
  private readonly given = new Map<string, number>();
  private readonly link: ConnectionWatch;
  private identity: LogIdentity;
  private stop: readonly Cancel[] = [];
  private refreshing = false;
  private again = false;
  private closed = false;
  private behindSince: number | undefined;

  /** @param isExact whether the reader may read only exact subjects */
  constructor(
    access: StreamAccess,
    codec: Codec<F>,
    present: Present,
    follower: LogConsumer<F>,
    onError: (error: unknown) => void,
    private readonly isExact: boolean,
  ) {
    this.access = access;
    this.codec = codec;
    this.present = present;
    this.follower = follower;
    this.onError = onError;
    this.identity = this.newIdentity();
    this.link = ConnectionWatch.of(access.connection);
  }

  /**
   * Resolves when the present has been passed on. Subscribes first, so that no change is missed
   * between.
   */
  async start(filters: readonly string[]): Promise<this> {
    const { connection, clock } = this.access;
    const callback = (error: Error | null, message: Msg) => this.live(error, message);
    const subscriptions = filters.map((filter) =>
      connection.subscribe(liveSubject(filter), { callback }),
    );
    this.stop = [
      () => subscriptions.forEach((subscription) => subscription.unsubscribe()),
      this.link.on('back', () => void this.refresh()),
      clock.every(REFRESH_MS, () => void this.refresh()),
    ];
    try {
      await this.read();
    } catch (error) {
      this.close();
      throw error;
    }
    return this;
  }

  close(): void {
    this.closed = true;
    for (const stop of this.stop) stop();
  }

  private live(error: Error | null, { subject, headers, data }: Msg): void {
    if (error !== null) return this.onError(this.link.refusalIn(error) ?? error);
    const sequence = Number(headers?.get('Nats-Sequence'));
    if (Number.isSafeInteger(sequence) && sequence > 0) {
      this.give({ subject: storedSubject(subject), sequence, body: data });
    }
  }

  private give({ subject, sequence, body }: Stored): void {
    if (this.closed || sequence <= (this.given.get(subject) ?? 0)) return;
    this.given.set(subject, sequence);
    this.identity.note({ subject, sequence, body });
    try {
      this.follower.receive(readItem(this.codec, subject, sequence, body));
    } catch (error) {
      this.onError(error);
    }
  }

  private async read(): Promise<void> {
    try {
      await this.identity.compare();
    } catch (error) {
      if (!(error instanceof LogWentBack)) throw error;
      this.startOver(error);
    }
    const before = this.isExact ? new Map(this.given) : this.given;
    const found = new Map<string, number>();
    for await (const stored of this.present()) {
      found.set(stored.subject, stored.sequence);
      this.give(stored);
    }
    if (this.isExact) this.compareEnds(before, found);
    else this.drop(found);
  }

  /**
   * Drops the sequences of subjects that the log has forgotten: the present just read is complete
   * up to the newest of it.
   */
  private drop(found: ReadonlyMap<string, number>): void {
    let newest = 0;
    for (const sequence of found.values()) newest = Math.max(newest, sequence);
    for (const [subject, sequence] of this.given) {
      if (sequence <= newest && !found.has(subject)) this.given.delete(subject);
    }
  }

  /**
   * Compares the ends of exact subjects. If a subject ends before what was read of it, a copy is
   * behind, the log went back, or the subject was forgotten. In the last two cases the watch must
   * start over.
   *
   * @throws {TransientError} the difference has not lasted long enough to tell.
   */
  private compareEnds(
    before: ReadonlyMap<string, number>,
    found: ReadonlyMap<string, number>,
  ): void {
    const { clock, stream } = this.access;
    const lost = [...before].find(([subject, sequence]) => (found.get(subject) ?? 0) < sequence);
    if (lost === undefined) {
      this.behindSince = undefined;
      return;
    }
    this.behindSince ??= clock.now();
    const [subject, sequence] = lost;
    const what = `${subject} was read up to ${sequence} and ends before`;
    if (clock.now() - this.behindSince < BEHIND_MS_MAX) throw new TransientError(what);
    this.behindSince = undefined;
    this.startOver(new LogWentBack(stream, what));
    this.again = true;
  }

  private newIdentity(): LogIdentity {
    return this.isExact
      ? new LogIdentity(this.access, 0, bySubject)
      : new LogIdentity(this.access, 0);
  }

  private startOver(reason: LogWentBack): void {
    if (this.closed) return;
    this.given.clear();
    this.identity = this.newIdentity();
    if (this.follower.startedOver !== undefined) return this.follower.startedOver();
    this.close();
    this.onError(reason);
  }

  private async refresh(): Promise<void> {
    this.again = true;
    if (this.refreshing) return;
    this.refreshing = true;
    const { clock, connection } = this.access;
    const isWanted = () => !this.closed && !connection.isClosed();
    while (this.again && isWanted()) {
      this.again = false;
      await keepTrying(() => this.read(), clock, isWanted, this.onError);
    }
    if (connection.isClosed()) this.close();
    this.refreshing = false;
  }
}
