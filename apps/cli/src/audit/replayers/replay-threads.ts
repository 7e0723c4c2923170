import type { KeptHead, Replayed } from '#audit';
import type { StoredMessage } from '#kernel';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../thread.js';
import { Packing } from './packed-messages.js';
import type { Answered, Asked } from './replay-thread.js';

/** Threads that replay slots, each its share of them. */
export class ReplayThreads {
  private readonly threads: readonly ReplayThread[];
  private readonly threadOf = new Map<string, number>();
  private count = 0;

  /** @param entry the module that a thread runs */
  constructor(
    count: number,
    kept: readonly KeptHead[],
    entry = new URL('./replay-thread.js', import.meta.url),
  ) {
    const shares: KeptHead[][] = Array.from({ length: count }, () => []);
    for (const [index, head] of kept.entries()) {
      this.threadOf.set(head.subject, index % count);
      shares[index % count]?.push(head);
    }
    this.threads = shares.map((share) => new ReplayThread(startThread(entry, share, count)));
  }

  add(message: StoredMessage): void {
    const { subject } = message;
    let thread = this.threadOf.get(subject);
    if (thread === undefined) {
      this.threadOf.set(subject, (thread = this.threadOf.size % this.threads.length));
    }
    this.threads[thread]?.add(message, this.count);
    this.count += 1;
  }

  async replay(): Promise<readonly Replayed[]> {
    const told: Replayed[] = [];
    told.length = this.count;
    this.count = 0;
    await Promise.all(this.threads.map((thread) => thread.replay(told)));
    return told;
  }

  async keep(): Promise<KeptHead[]> {
    return (await Promise.all(this.threads.map((thread) => thread.keep()))).flat();
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}

interface Waiting {
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: Error) => void;
}

const NOTHING: Replayed['remarks'] = [];

class ReplayThread {
  private readonly waiting: Waiting[] = [];
  private packing = new Packing();
  private places: number[] = [];
  /** Room for bodies that was used before. */
  private readonly rooms: Uint8Array<ArrayBuffer>[] = [];
  private failure: Error | undefined;

  constructor(private readonly worker: Worker) {
    this.worker.on('message', (answered: Answered) => this.waiting.shift()?.resolve(answered));
    this.worker.on('error', (error) => this.fail(error));
  }

  /** @param place of the message among all that were added since the last replay */
  add(message: StoredMessage, place: number): void {
    this.packing.add(message);
    this.places.push(place);
  }

  /** Replays what was added, and puts what is told of it at its places. */
  async replay(told: Replayed[]): Promise<void> {
    const { places } = this;
    if (places.length === 0) return;
    const messages = this.packing.packed();
    this.places = [];
    this.packing = new Packing(this.rooms.pop());
    const answered = await this.ask({ kind: 'take', messages }, [
      messages.bodies.buffer,
      messages.numbers.buffer,
    ]);
    if (answered.kind !== 'told')
      throw new Error('a thread gave another answer than was asked for');
    this.rooms.push(answered.bodies);
    let index = 0;
    for (const place of places) {
      const at = answered.at[index] ?? NaN;
      const remarks = answered.remarks.get(index) ?? NOTHING;
      told[place] = { at: Number.isNaN(at) ? null : at, remarks };
      index += 1;
    }
  }

  async keep(): Promise<readonly KeptHead[]> {
    const answered = await this.ask({ kind: 'keep' });
    return answered.kind === 'kept' ? answered.heads : [];
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private ask(asked: Asked, transferred: ArrayBuffer[] = []): Promise<Answered> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.worker.postMessage(asked, transferred);
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private fail(error: Error): void {
    this.failure = error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
