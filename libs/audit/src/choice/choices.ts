import type { Choice } from '#http-api';
import type { LogItem } from '#kernel';
import type { SlotEvent } from '#slot';
import type { SlotRecord } from '#wire';
import { Question } from './question.js';
import { RegionReplay } from './region-replay.js';

/**
 * Replays a region's log, and tells of chosen claims why they took their slots. Memory: the last state
 * of each slot, and some thousand events.
 */
export class Choices {
  private readonly replay = new RegionReplay();
  private readonly open = new Set<Question>();

  /**
   * @param isAsked whether it is asked about a claim
   * @param answered gets the answers, in the order of the log
   */
  constructor(
    private readonly isAsked: (
      claim: SlotEvent<'AllocationRequested'>,
      sequence: number,
    ) => boolean,
    private readonly answered: (choice: Choice) => void,
  ) {}

  /** Number of claims whose answer needs more of the log. */
  get pending(): number {
    return this.open.size;
  }

  /** Takes the next event of the log. */
  take(item: LogItem<SlotRecord>): void {
    const change = this.replay.read(item);
    if (change === undefined) return;
    for (const question of this.open) {
      if (question.take(change)) continue;
      this.open.delete(question);
      this.answered(question.answer());
    }
    const { event, sequence } = change;
    if (event.type === 'AllocationRequested' && this.isAsked(event, sequence)) {
      this.open.add(new Question(event, change, this.replay));
    }
    this.replay.apply(change);
  }

  /** The log has ended: answers what is open. */
  finish(): void {
    for (const question of this.open) this.answered(question.answer());
    this.open.clear();
  }
}
