import { Condition, errorMessage, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import { UNNAMED } from '#slot';
import {
  encodeJson,
  refusalSubject,
  isShortage,
  type AllocationRequest,
  type OutcomeStore,
  type RefusalCode,
  type RefusalRecord,
  type Refused,
} from '#wire';

/** Refusals that somebody may have to do something about, beside those for lack of slots. */
const RECORDED: ReadonlySet<RefusalCode> = new Set([
  ...(['shed', 'callback-failed', 'timed-out'] as const),
  ...(['unknown-fleet', 'unknown-build-configuration', 'unknown-slot'] as const),
]);

/** Number of records written at the same time; in a storm of refusals the rest is only counted. */
const UNDER_WAY_MAX = 64;

/**
 * Records who asked for what and when, and why it was not served. No request waits for these
 * records.
 */
export class RefusalRecords {
  /** Refusals that were not recorded: there were too many at once, or the store failed. */
  missed = 0;
  private underWay = 0;
  private readonly failing: Condition;

  constructor(
    private readonly allocator: string,
    private readonly outcomes: OutcomeStore,
    private readonly clock: Clock,
    logger: Logger,
  ) {
    this.failing = new Condition(logger, clock, {
      ...{ begins: 'refusals are not recorded', ends: 'refusals are recorded again' },
    });
  }

  /** `askedAt`: epoch ms. Never throws. */
  async note(request: AllocationRequest, refused: Refused, askedAt: number): Promise<void> {
    const { allocationId, code } = refused;
    if (allocationId === undefined || !(isShortage(code) || RECORDED.has(code))) return;
    if (this.underWay >= UNDER_WAY_MAX) {
      this.missed += 1;
      return;
    }
    this.underWay += 1;
    try {
      const record = this.recordOf(request, refused, allocationId, askedAt);
      const subject = refusalSubject(request.region, allocationId);
      await this.outcomes.record(subject, encodeJson(record));
      this.failing.pass();
    } catch (error) {
      this.missed += 1;
      this.failing.fail(errorMessage(error), { missed: this.missed });
    } finally {
      this.underWay -= 1;
    }
  }

  private recordOf(
    { region, by, fleet, fleets, slot, buildConfiguration, attributes }: AllocationRequest,
    { code, message, grounds }: Refused,
    allocationId: string,
    askedAt: number,
  ): RefusalRecord {
    return {
      allocationId,
      region,
      by: by ?? UNNAMED,
      fleet: fleet ?? null,
      buildConfiguration: buildConfiguration ?? null,
      attributes,
      askedAt,
      refusedAt: this.clock.now(),
      code,
      message,
      allocator: this.allocator,
      ...(fleets !== undefined && { fleets }),
      ...(slot !== undefined && { slot }),
      ...(grounds !== undefined && { grounds }),
    };
  }
}
