import type { Clock, Subscription } from '#kernel';
import { carriedContext } from '#tracing';
import {
  DATAVERSION,
  matches,
  OutcomeStore,
  QUEUE_PATIENCE_MS,
  RequestQueue,
  type QueuedRequest,
  type StoredOutcome,
} from '#wire';

/** Like JetStream's duplicate window (ms). */
const DUPLICATE_WINDOW_MS = 120_000;

interface Entry {
  readonly id: string;
  readonly body: Uint8Array;
  readonly carried: QueuedRequest['carried'];
  readonly publishedAt: number;
  delivery: number;
  /** When it may be delivered, or delivered again (epoch ms). */
  readyAt: number;
}

interface Consumer {
  readonly receive: (request: QueuedRequest) => void;
  readonly inHandsMax: number;
  readonly inHands: Set<Entry>;
}

/** The work queue within one process. Requests arrive in a microtask. */
export class MemoryRequestQueue extends RequestQueue {
  private readonly clock: Clock;
  private readonly entries = new Set<Entry>();
  private readonly published = new Map<string, number>();
  private readonly consumers = new Set<Consumer>();

  constructor(clock: Clock) {
    super();
    this.clock = clock;
  }

  publish(id: string, body: Uint8Array): Promise<void> {
    const now = this.clock.now();
    const before = this.published.get(id);
    if (before === undefined || now - before >= DUPLICATE_WINDOW_MS) {
      this.published.set(id, now);
      const carried = carriedContext();
      this.entries.add({ id, body, carried, publishedAt: now, delivery: 0, readyAt: now });
      this.wake();
    }
    return Promise.resolve();
  }

  consume(receive: (request: QueuedRequest) => void, inHandsMax: number): Promise<Subscription> {
    const consumer = { receive, inHandsMax, inHands: new Set<Entry>() };
    this.consumers.add(consumer);
    this.wake();
    return Promise.resolve({ close: () => void this.consumers.delete(consumer) });
  }

  private wake(): void {
    queueMicrotask(() => this.deliver());
  }

  private deliver(): void {
    for (const entry of this.entries) {
      if (entry.readyAt > this.clock.now()) continue;
      const [consumer] = [...this.consumers]
        .filter(({ inHands, inHandsMax }) => inHands.size < inHandsMax)
        .sort((one, other) => one.inHands.size - other.inHands.size);
      if (consumer === undefined) return;
      for (const { inHands } of this.consumers) inHands.delete(entry);
      consumer.inHands.add(entry);
      entry.delivery += 1;
      this.postpone(entry, QUEUE_PATIENCE_MS);
      consumer.receive(this.requestOf(entry, consumer));
    }
  }

  private postpone(entry: Entry, delayMs: number): void {
    entry.readyAt = this.clock.now() + delayMs;
    this.clock.after(delayMs, () => this.deliver());
  }

  private requestOf(entry: Entry, { inHands }: Consumer): QueuedRequest {
    const { body, carried, publishedAt, delivery } = entry;
    const isMine = () => entry.delivery === delivery;
    return {
      ...{ body, carried, publishedAt, delivery, dataversion: DATAVERSION },
      done: () => {
        inHands.delete(entry);
        this.entries.delete(entry);
        this.wake();
        return Promise.resolve();
      },
      later: (delayMs) => {
        inHands.delete(entry);
        if (isMine()) this.postpone(entry, delayMs);
        this.wake();
      },
      stillAt: () => {
        if (isMine()) this.postpone(entry, QUEUE_PATIENCE_MS);
      },
    };
  }
}

/** The store within one process; it keeps everything. */
export class MemoryOutcomeStore extends OutcomeStore {
  private readonly stored = new Map<string, StoredOutcome & { readonly at: number }>();
  private sequence = 0;

  /** @param clock dates the records for `list`; without it, all are dated 0 */
  constructor(private readonly clock?: Clock) {
    super();
  }

  /** Subjects in the order of their first record. */
  get subjects(): readonly string[] {
    return [...this.stored.keys()];
  }

  record(subject: string, body: Uint8Array): Promise<void> {
    this.sequence += 1;
    this.stored.set(subject, { sequence: this.sequence, body, at: this.clock?.now() ?? 0 });
    return Promise.resolve();
  }

  last(subject: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.stored.get(subject)?.body);
  }

  list(
    filter: string,
    from: { readonly after: number } | { readonly at: number },
    most: number,
  ): Promise<readonly StoredOutcome[]> {
    const found = [...this.stored]
      .filter(([subject]) => matches(filter, subject))
      .map(([, stored]) => stored)
      .filter(({ sequence, at }) => ('at' in from ? at >= from.at : sequence > from.after))
      .sort((one, other) => one.sequence - other.sequence);
    return Promise.resolve(found.slice(0, most).map(({ sequence, body }) => ({ sequence, body })));
  }
}
