import type { Following } from '#kernel';
import { slotsSubject } from '#wire';
import type { AllocatorPorts } from './ports.js';
import type { SlotWriter } from './slot-writer.js';

/** An allocator that has not heard from the log for this long does not claim. */
const HEARD_WITHIN_MS = 2_000;

/** Nor does one whose own last append has not come back within this long. */
const OWN_APPEND_WITHIN_MS = 5_000;

/** Whether an allocator's view of the log is fresh enough to decide by. */
export interface Freshness {
  /** Why it is not; null where it is. */
  staleBecause(): string | null;
}

/** Keeps the pool up to date: the present of every slot first, then every event as it is stored. */
export class Follower implements Freshness {
  private following: Following | undefined;

  constructor(
    private readonly region: string,
    private readonly ports: AllocatorPorts,
    private readonly writer: SlotWriter,
  ) {}

  async start(): Promise<void> {
    let last = 0;
    for await (const item of this.ports.log.present(slotsSubject(this.region))) {
      this.writer.take(item);
      last = Math.max(last, item.sequence);
    }
    this.following = await this.ports.log.follow(last, {
      has: (subject, sequence) => this.writer.has(subject, sequence),
      receive: (item) => this.writer.takeNext(item),
    });
  }

  stop(): void {
    this.following?.close();
    this.following = undefined;
  }

  staleBecause(): string | null {
    if (this.following === undefined) return 'the log is still being read';
    const now = this.ports.clock.now();
    if (now - this.following.heardAt > HEARD_WITHIN_MS) {
      return `the log has not been heard for ${now - this.following.heardAt} ms`;
    }
    const { sequence, at } = this.writer.lastStored;
    if (this.following.sequence < sequence && now - at > OWN_APPEND_WITHIN_MS) {
      return `its own append ${sequence} has not come back for ${now - at} ms`;
    }
    return null;
  }
}
