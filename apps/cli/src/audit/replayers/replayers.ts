import { SlotReplay, type KeptHead, type Replayed } from '#audit';
import type { StoredMessage } from '#kernel';
import { availableParallelism } from 'node:os';
import { THREADED_EVENTS } from '../thread.js';
import { Packing, Unpacking } from './packed-messages.js';
import { ReplayThreads } from './replay-threads.js';

/** What replays slots for a verification. */
export interface Replayers {
  /** Adds the next message of the log to those that are replayed together. */
  add(message: StoredMessage): void;
  /** Replays what was added since the last time; answers in that order. */
  replay(): Promise<readonly Replayed[]>;
  /** All that later replayers need to go on from here. */
  keep(): Promise<KeptHead[]>;
  close(): Promise<void>;
}

/**
 * To hand events to other threads costs a third of a processor's time more. With fewer processors than
 * these, of which nats-server needs one as well, nothing is gained by it.
 */
const PROCESSORS_MIN = 4;
/** Reading keeps one processor busy, and feeds so many threads. */
const THREADS_MAX = 3;

/**
 * Replays slots in other threads, each its share of them, or in this one where there is little to do.
 *
 * @param events about so many will come
 * @param kept what earlier replayers have come to
 */
export function replayersFor(events: number, kept: readonly KeptHead[] = []): Replayers {
  const processors = availableParallelism();
  if (events < THREADED_EVENTS || processors < PROCESSORS_MIN) return new OwnThread(kept);
  return new ReplayThreads(Math.min(processors - 1, THREADS_MAX), kept);
}

class OwnThread implements Replayers {
  private readonly slots: SlotReplay;
  private packing = new Packing();

  constructor(kept: readonly KeptHead[]) {
    this.slots = new SlotReplay(kept);
  }

  add(message: StoredMessage): void {
    this.packing.add(message);
  }

  replay(): Promise<readonly Replayed[]> {
    const packed = this.packing.packed();
    const told = this.slots.takeAll(new Unpacking(packed));
    this.packing = new Packing(packed.bodies);
    return Promise.resolve(told);
  }

  keep(): Promise<KeptHead[]> {
    return Promise.resolve(this.slots.keep());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
