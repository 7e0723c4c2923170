import {
  DUPLICATE_WINDOW_MS,
  EventLog,
  readItem,
  type Append,
  type Clock,
  type Codec,
  type LogRecord,
  type LogConsumer,
  type LogSubscription,
  type LogItem,
  type ReadFrom,
  type Subscription,
  type Verdict,
} from '#kernel';
import { MemoryFollowing } from './following.js';
import { Records, type Stored } from './records.js';
import { MemoryStoredLog } from './stored-log.js';

export interface MemoryEventLogOptions {
  readonly clock: Clock;
  /** Default: `DUPLICATE_WINDOW_MS`, like JetStream's. */
  readonly duplicateWindowMs?: number;
  /**
   * Which check comes first, and so answers a message that fails both. A single nats-server 2.11
   * and every cluster from 2.12 on check the id first; a single server from 2.12 on checks the
   * expectation first.
   */
  readonly first?: 'id' | 'expectation';
  /** Gets errors that a consumer throws. Default: they are thrown uncaught. */
  readonly onError?: (error: unknown) => void;
}

/** The log within one process, with a server's semantics. Messages are never lost or delayed. */
export class MemoryEventLog<F extends LogRecord> extends EventLog<F> {
  private readonly codec: Codec<F>;
  private readonly clock: Clock;
  private readonly duplicateWindowMs: number;
  private readonly first: 'id' | 'expectation';
  private readonly onError: (error: unknown) => void;
  private readonly records = new Records();
  /** De-duplication ids within the window, oldest first. */
  private readonly ids = new Map<string, Stored>();
  private readonly followings = new Set<MemoryFollowing<F>>();
  private readonly archives: MemoryEventLog<F>[] = [];

  constructor(
    codec: Codec<F>,
    private readonly options: MemoryEventLogOptions,
  ) {
    super();
    this.codec = codec;
    this.clock = options.clock;
    this.duplicateWindowMs = options.duplicateWindowMs ?? DUPLICATE_WINDOW_MS;
    this.first = options.first ?? 'id';
    this.onError = options.onError ?? throwLater;
  }

  append({ subject, expected, record, deduplicationId }: Append<F>): Promise<Verdict> {
    const verdict =
      this.first === 'id'
        ? (this.duplicate(deduplicationId) ?? this.conflict(subject, expected))
        : (this.conflict(subject, expected) ?? this.duplicate(deduplicationId));
    if (verdict !== undefined) return Promise.resolve(verdict);
    const stored = this.store(subject, this.codec.encode(subject, record));
    if (deduplicationId !== undefined) this.ids.set(deduplicationId, stored);
    return Promise.resolve({ kind: 'stored', sequence: stored.sequence });
  }

  /** Stores bytes without any check, as a faulty writer would. */
  corrupt(subject: string, body: Uint8Array): void {
    this.store(subject, body);
  }

  /**
   * Removes everything after a sequence, like a store that is restored from a copy, or a power cut.
   * Followers are not told; they continue from there.
   */
  goBack(last: number): void {
    this.records.cut(last);
    for (const [id, { sequence }] of [...this.ids]) if (sequence > last) this.ids.delete(id);
    for (const following of this.followings) following.goBack(last);
  }

  forget(subject: string, last: number): Promise<void> {
    this.records.forget(subject, last);
    return Promise.resolve();
  }

  /**
   * A log that keeps what this one forgets, at the same sequences. Must be created while this log
   * is empty.
   */
  archive(): MemoryEventLog<F> {
    const archive = new MemoryEventLog(this.codec, this.options);
    this.archives.push(archive);
    return archive;
  }

  /** What is stored, undecoded; nobody tells which event its writer had expected. */
  stored(): MemoryStoredLog {
    return new MemoryStoredLog(this.records);
  }

  time(): Promise<number> {
    return Promise.resolve(this.clock.now());
  }

  end(): Promise<number> {
    return Promise.resolve(this.records.lastSequence);
  }

  last(subject: string): Promise<LogItem<F> | undefined> {
    return Promise.resolve(this.item(this.records.last(subject)));
  }

  at(sequence: number): Promise<LogItem<F> | undefined> {
    return Promise.resolve(this.item(this.records.at(sequence)));
  }

  async *present(filter: string | readonly string[]): AsyncGenerator<LogItem<F>, void> {
    for (const one of typeof filter === 'string' ? [filter] : filter) {
      for (const stored of this.records.present(one)) yield this.decode(stored);
    }
  }

  async *read(
    filter: string,
    from?: ReadFrom,
    mentioning?: string,
  ): AsyncGenerator<LogItem<F>, void> {
    for (const stored of this.records.read(filter)) {
      if (!isFrom(stored, from)) continue;
      if (mentioning === undefined || Buffer.from(stored.body).includes(mentioning)) {
        yield this.decode(stored);
      }
    }
  }

  follow(after: number, follower: LogConsumer<F>): Promise<LogSubscription> {
    return Promise.resolve(this.startFollowing(after, '>', follower));
  }

  async watch(filter: string | readonly string[], follower: LogConsumer<F>): Promise<Subscription> {
    await Promise.resolve();
    const filters = typeof filter === 'string' ? [filter] : filter;
    const all = filters.map((one) => {
      const watching = this.startFollowing(this.records.lastSequence, one, follower);
      for (const stored of this.records.present(one)) watching.give(this.decode(stored));
      return watching;
    });
    return { close: () => all.forEach((watching) => watching.close()) };
  }

  private startFollowing(
    after: number,
    filter: string,
    follower: LogConsumer<F>,
  ): MemoryFollowing<F> {
    const source = {
      next: (sequence: number) => this.item(this.records.next(sequence)),
      closed: (following: MemoryFollowing<F>) => void this.followings.delete(following),
      failed: this.onError,
    };
    const following = new MemoryFollowing(source, after, filter, follower);
    this.followings.add(following);
    following.wake();
    return following;
  }

  private store(subject: string, body: Uint8Array): Stored {
    const stored = this.records.add(subject, body, this.clock.now());
    for (const archive of this.archives) archive.store(subject, body);
    for (const following of this.followings) following.wake();
    return stored;
  }

  private conflict(subject: string, expected: number): Verdict | undefined {
    const last = this.records.last(subject)?.sequence ?? 0;
    return last === expected ? undefined : { kind: 'conflict' };
  }

  private duplicate(id: string | undefined): Verdict | undefined {
    if (id === undefined) return undefined;
    const since = this.clock.now() - this.duplicateWindowMs;
    for (const [known, { at }] of this.ids) {
      if (at > since) break;
      this.ids.delete(known);
    }
    const original = this.ids.get(id);
    return original && { kind: 'duplicate', sequence: original.sequence };
  }

  private item(stored: Stored | undefined): LogItem<F> | undefined {
    return stored && this.decode(stored);
  }

  private decode({ subject, sequence, body }: Stored): LogItem<F> {
    return readItem(this.codec, subject, sequence, body);
  }
}

function isFrom({ sequence, at }: Stored, from: ReadFrom | undefined): boolean {
  if (from === undefined) return true;
  return 'sequence' in from ? sequence >= from.sequence : at >= from.at;
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
