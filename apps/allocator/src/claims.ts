import { Trouble } from '#kernel';
import type { Pool, Present } from '#pool';
import { isAwaiting, slot, statusOf } from '#slot';
import type { AllocationAnswer, AllocationRequest } from '#wire';
import { allocatedAnswer, refusedAnswer } from './answers.js';
import type { Freshness } from './follower.js';
import type { AllocatorPorts } from './ports.js';
import type { SlotWriter } from './slot-writer.js';

/** Slots tried for one request whose callback failed, before the request does. */
const ATTEMPTS_MAX = 5;

/** Pause before another slot is tried where a write to the first was in flight. */
const BUSY_MS = 5;

/** Pause after the log gave no verdict at all. */
const UNSETTLED_MS = 250;

/**
 * One request id, exactly one server. The claim is a compare-and-set on the slot and, by its
 * de-duplication id, on the request: `<id>`, and only after a failure that is *recorded* in the log
 * `<id>.<failures>`. A lost race keeps the id, so however many allocators, retries and crashes
 * there are, at most one claim of an attempt is ever stored.
 */
export class Claims {
  private readonly underWay = new Map<string, Promise<AllocationAnswer>>();

  constructor(
    private readonly allocator: string,
    private readonly ports: AllocatorPorts,
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
    private readonly freshness: Freshness,
  ) {}

  /** Requests in this allocator's hands. */
  get open(): number {
    return this.underWay.size;
  }

  /** Answers once there is a server, a reason why not, or no more time. Never throws. */
  allocate(request: AllocationRequest): Promise<AllocationAnswer> {
    const id = request.allocationId ?? this.ports.chance.id();
    const known = this.underWay.get(id);
    if (known !== undefined) return known;
    const answer = this.serve(id, request).finally(() => this.underWay.delete(id));
    this.underWay.set(id, answer);
    return answer;
  }

  private async serve(id: string, request: AllocationRequest): Promise<AllocationAnswer> {
    const until = this.ports.clock.now() + request.timeoutMs;
    while (this.ports.clock.now() < until) {
      const stale = this.freshness.staleBecause();
      if (stale !== null) return refusedAnswer(id, 'not-ready', stale);

      const holder = this.pool.holderOf(id);
      if (holder !== undefined && isAwaiting(holder.state)) {
        await this.writer.outcomes.nextChange(holder.subject, until);
        continue;
      }
      const answer = this.known(id, holder);
      if (answer !== undefined) return answer;
      if (this.pool.failuresOf(id) >= ATTEMPTS_MAX) return callbackFailed(id);

      const pick = this.pool.hold(request);
      if (pick === undefined) return noneAvailable(id, request, this.pool.failuresOf(id));
      await this.claim(pick, id, request, until).finally(() => this.pool.letGo(pick.subject));
    }
    return refusedAnswer(id, 'timed-out', 'no verdict in time; ask again with the same id');
  }

  /** What the log says about the id; undefined where it may be claimed (again). */
  private known(id: string, holder: Present | undefined): AllocationAnswer | undefined {
    if (holder !== undefined && statusOf(holder.state) === 'allocated') {
      return allocatedAnswer(holder);
    }
    const ended = this.pool.endOf(id);
    if (ended === undefined) return undefined;
    const { by, reason, at } = ended.end;
    const because = reason === '' ? by : `${by}: ${reason}`;
    const when = new Date(at).toISOString();
    return refusedAnswer(id, 'ended', `the allocation ended at ${when} (${because})`);
  }

  private async claim(
    { subject, state }: Present,
    id: string,
    request: AllocationRequest,
    until: number,
  ): Promise<void> {
    const failures = this.pool.failuresOf(id);
    const decision = slot.decide(state, {
      type: 'RequestAllocation',
      at: this.ports.clock.now(),
      allocationId: id,
      attempt: failures + 1,
      allocator: this.allocator,
      buildConfiguration: request.buildConfiguration ?? null,
      payload: request.payload,
      idleMs: request.idleTtlMs ?? null,
    });
    const step = decision.kind === 'accepted' ? decision.steps[0] : undefined;
    if (step === undefined) return;
    const deduplicationId = failures === 0 ? id : `${id}.${failures}`;
    const settled = await this.writer.append(subject, step, until, deduplicationId);
    if (settled.kind === 'busy') await this.ports.clock.sleep(BUSY_MS);
    if (settled.kind === 'unsettled') await this.ports.clock.sleep(UNSETTLED_MS);
    if (settled.kind === 'duplicate' && settled.original !== undefined) {
      await this.followOriginal(settled.original.subject, settled.original.sequence);
    }
  }

  /** Another allocator stored this attempt before us: read what has become of it. */
  private async followOriginal(subject: string, sequence: number): Promise<void> {
    try {
      for await (const item of this.ports.log.read(subject, { sequence })) {
        if (item.kind === 'recorded') this.pool.remember(subject, item.fact.state);
        this.writer.take(item);
      }
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      await this.ports.clock.sleep(UNSETTLED_MS);
    }
  }
}

function callbackFailed(id: string): AllocationAnswer {
  return refusedAnswer(
    id,
    'callback-failed',
    `${ATTEMPTS_MAX} servers in turn refused the callback or did not answer it in time`,
  );
}

function noneAvailable(
  id: string,
  { region, fleet, buildConfiguration, attributes }: AllocationRequest,
  failures: number,
): AllocationAnswer {
  const wish = Object.entries({ fleet, buildConfiguration, ...attributes })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`);
  const what = wish.length === 0 ? '' : ` with ${wish.join(', ')}`;
  const tried = failures === 0 ? '' : `; ${failures} refused their callback`;
  return refusedAnswer(
    id,
    'none-available',
    `no server${what} is available in region ${region}${tried}`,
  );
}
