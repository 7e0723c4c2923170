import { statusOf, type SlotState } from '#slot';
import type { FleetRecord, SlotRecord } from '#wire';
import type { Life } from '../life.js';
import type { Accuser } from './violation.js';

/**
 * Checks that no fleet exceeds its maximum. A change of the maximum reaches allocators at different
 * times, and ends no session. So only sessions count that were claimed after all living allocators
 * knew it.
 */
export class Maxima {
  private max = Infinity;
  private revision = 0;
  private agreedAt = 0;
  private readonly known = new Map<Life, number>();
  private readonly claimedAt = new Map<string, number>();
  /** Slots whose session is acknowledged, and when they were claimed (epoch ms). */
  private readonly live = new Map<string, number>();

  constructor(
    private readonly judge: Accuser,
    private readonly now: () => number,
  ) {}

  sized(sequence: number, { state }: FleetRecord): void {
    this.revision = sequence;
    this.max = state.size?.max ?? Infinity;
    this.agreedAt = Infinity;
  }

  /** A process has learned the size with this revision. */
  learned(life: Life, revision: number): void {
    if (!this.known.has(life)) life.onEnd(() => this.forget(life));
    this.known.set(life, Math.max(revision, this.known.get(life) ?? 0));
    this.agree();
  }

  /**
   * Earlier claims no longer count: sessions that the log has lost may come back in addition to
   * them.
   */
  wentBack(replay: () => void): void {
    this.live.clear();
    const { max } = this;
    this.max = Infinity;
    replay();
    this.max = max;
    this.claimedAt.clear();
    for (const subject of this.live.keys()) this.live.set(subject, 0);
  }

  recorded(subject: string, { event, state }: SlotRecord): void {
    if (event.type === 'AllocationRequested') this.claimedAt.set(subject, this.now());
    if (!isLive(state)) {
      this.live.delete(subject);
      return;
    }
    if (this.live.has(subject)) return;
    this.live.set(subject, this.claimedAt.get(subject) ?? 0);
    const counted = [...this.live.values()].filter((claimedAt) => claimedAt > this.agreedAt);
    if (counted.length <= this.max) return;
    this.judge.violated(
      'a fleet has no more sessions than its maximum',
      `${subject} is one of ${counted.length}, and ${this.max} may be`,
    );
  }

  private forget(life: Life): void {
    this.known.delete(life);
    this.agree();
  }

  private agree(): void {
    if (this.agreedAt !== Infinity) return;
    if ([...this.known.values()].every((revision) => revision === this.revision)) {
      this.agreedAt = this.now();
    }
  }
}

function isLive(state: SlotState): boolean {
  return statusOf(state) === 'allocated' && state.context.allocation?.acknowledgedAt !== null;
}
