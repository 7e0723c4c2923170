import type { Clock } from '#kernel';
import { elapsedNs } from '#service-runtime';
import type { AllocationAnswer, AllocationRequest, RefusalCode } from '#wire';
import type { RefusalRecords } from './refusal-records.js';

/** Refusals that rest on nothing that the log tells. */
const SAYS_NOTHING: ReadonlySet<RefusalCode> = new Set([
  ...(['not-ready', 'timed-out', 'cancelled', 'shed', 'invalid'] as const),
]);

/** Is told of each answer, and how long it took. Must not throw. */
export type AnswerObserver = (
  request: AllocationRequest,
  answer: AllocationAnswer,
  elapsedNs: number,
) => void;

/** What is kept of the answers to requests, beside the log. */
export class AnswerNotes {
  observer: AnswerObserver | undefined;

  constructor(
    private readonly clock: Clock,
    /** Is told whether somebody was given a verdict, or told to ask again. */
    private readonly answered: (isVerdict: boolean) => void,
    private readonly refusals: RefusalRecords,
  ) {}

  /** Never rejects. */
  async note(request: AllocationRequest, answer: Promise<AllocationAnswer>): Promise<void> {
    const askedAt = this.clock.now();
    const startedNs = elapsedNs();
    const answered = await answer;
    this.observer?.(request, answered, elapsedNs() - startedNs);
    this.answered(answered.status === 'allocated' || !SAYS_NOTHING.has(answered.code));
    if (answered.status === 'refused') await this.refusals.note(request, answered, askedAt);
  }
}
