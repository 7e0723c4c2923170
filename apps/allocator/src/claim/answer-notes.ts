import type { Clock } from '#kernel';
import { elapsedNs, type Logger } from '#service-runtime';
import type { AllocationAnswer, AllocationRequest, RefusalCode } from '#wire';
import type { RefusalRecords } from './refusal-records.js';

/** Refusals that do not depend on what the log says. */
const SAYS_NOTHING: ReadonlySet<RefusalCode> = new Set([
  ...(['not-ready', 'timed-out', 'cancelled', 'shed', 'invalid'] as const),
]);

/** Called with each answer and the time it took (ns). Must not throw. */
export type AnswerObserver = (
  request: AllocationRequest,
  answer: AllocationAnswer,
  elapsedNs: number,
) => void;

/** Takes note of the answers to requests: for metrics, for freshness, and as refusal records. */
export class AnswerNotes {
  observer: AnswerObserver | undefined;

  constructor(
    private readonly clock: Clock,
    /**
     * Called with each answer: true for a verdict, false if the requester was told to ask again.
     */
    private readonly answered: (isVerdict: boolean) => void,
    private readonly refusals: RefusalRecords,
    private readonly logger: Logger,
  ) {}

  /** Never rejects. */
  async note(request: AllocationRequest, answer: Promise<AllocationAnswer>): Promise<void> {
    const askedAt = this.clock.now();
    const startedNs = elapsedNs();
    const answered = await answer;
    this.observer?.(request, answered, elapsedNs() - startedNs);
    if (this.logger.isLevelEnabled('debug'))
      this.logger.debug(factsOf(request, answered), 'answered');
    this.answered(answered.status === 'allocated' || !SAYS_NOTHING.has(answered.code));
    if (answered.status === 'refused') await this.refusals.note(request, answered, askedAt);
  }
}

function factsOf({ region, allocationId }: AllocationRequest, answer: AllocationAnswer) {
  const { status } = answer;
  const ids = { region, allocationId, status };
  return answer.status === 'allocated'
    ? { ...ids, slot: answer.slot }
    : { ...ids, code: answer.code };
}
