import { LogRefused, TransientError, type Clock, type EventLog, type Random } from '#kernel';
import type { Pick, Pool, SlotHead } from '#pool';
import { UNNAMED, isAwaiting, slot, statusOf } from '#slot';
import { spanned } from '#tracing';
import type { AllocationAnswer, AllocationRequest, Refused, SlotRecord } from '#wire';
import type { AnswerNotes } from './answer-notes.js';
import { allocatedAnswer, refusedAnswer } from './answers.js';
import { askedOf } from './asked.js';
import { claimKey } from './claim-key.js';
import type { Payloads } from '../payloads/payloads.js';
import type { ClaimAttempt } from './claim-attempt.js';
import type { Maximum } from '../fleets/maximum.js';
import type { Freshness } from '../log/pool-feeder.js';
import { StaleGate } from '../log/stale-gate.js';
import { cancelled, ended, isAboutSlots, shed, stopping } from './refusals.js';
import { Shortages } from './shortages.js';
import type { SlotWriter } from '../log/slot-writer.js';
import type { Storing } from '../log/storing.js';
import type { Called, WaitingRoom } from './waiting-room.js';
import {
  RequirementResolver,
  type KnownConfigurations,
  type KnownFleetSettings,
} from './requirements.js';

/** Number of slots whose callback may fail for one request before the request fails. */
const ATTEMPTS_MAX = 5;

/** Pause before the next try, if another write to the slot was in flight (ms). */
const BUSY_MS = 5;

/** Pause after the log gave no verdict at all (ms). */
const UNSETTLED_MS = 250;

export interface ClaimsDeps {
  /** The id of this allocator. */
  readonly allocator: string;
  readonly log: EventLog<SlotRecord>;
  /** The log's clock: every decision is made and dated by it. */
  readonly clock: Clock;
  readonly random: Random;
  readonly pool: Pool;
  readonly writer: SlotWriter;
  readonly freshness: Freshness;
  readonly storing: Storing;
  readonly room: WaitingRoom;
  readonly maximum: Maximum;
  readonly notes: AnswerNotes;
  readonly payloads: Payloads;
  readonly configurations: KnownConfigurations;
  readonly fleets: KnownFleetSettings;
}

/**
 * One request id, exactly one server. The claim is a compare-and-set on the slot and, by its
 * de-duplication id, on the request. That id is `<id>`, and changes to `<id>.<failures>` only after
 * a failure that the log *records*. A lost race keeps the id. So with any number of allocators,
 * retries and crashes, at most one claim of an attempt is ever stored.
 */
export class Claims {
  private readonly underWay = new Map<string, Promise<AllocationAnswer>>();
  private readonly resolver: RequirementResolver;
  private readonly staleGate: StaleGate;
  private readonly shortages: Shortages;

  constructor(private readonly deps: ClaimsDeps) {
    const { clock, pool, freshness, storing, configurations, fleets } = deps;
    this.shortages = new Shortages(pool);
    this.resolver = new RequirementResolver(pool, configurations, fleets);
    this.staleGate = new StaleGate(
      clock,
      () => freshness.staleBecause() === null && storing.because() === null,
    );
  }

  /** Number of requests that this allocator has not answered yet. */
  get open(): number {
    return this.underWay.size;
  }

  /** Answers once there is a server, a reason why there is none, or no time left. Never throws. */
  allocate(request: AllocationRequest): Promise<AllocationAnswer> {
    return this.deps.payloads.opened(this.allocateAsLogged(request));
  }

  /** The same, with the game's answer as the log has it: it may be encrypted. */
  allocateAsLogged(request: AllocationRequest): Promise<AllocationAnswer> {
    const answer = this.answer(request);
    void this.deps.notes.note(request, answer);
    return answer;
  }

  private answer(request: AllocationRequest): Promise<AllocationAnswer> {
    const id = request.allocationId ?? this.deps.random.id();
    const known = this.underWay.get(id);
    if (known !== undefined) return known;
    const ids = () => ({ 'berth.allocation_id': id, 'berth.region': request.region });
    const answer = spanned('claim', { kind: 'internal', ids }, () =>
      this.serve(id, request).finally(() => this.underWay.delete(id)),
    );
    this.underWay.set(id, answer);
    return answer;
  }

  /**
   * Whether the log has an allocation of this id, running or ended, or this allocator is making
   * one.
   */
  knows(id: string): boolean {
    return (
      this.underWay.has(id) ||
      this.deps.pool.allocations.holderOf(id) !== undefined ||
      this.deps.pool.allocations.endOf(id) !== undefined
    );
  }

  /** Cancels a waiting request of this id; returns false if none was waiting. */
  cancel(allocationId: string): boolean {
    return this.deps.room.cancel(allocationId);
  }

  private async serve(id: string, request: AllocationRequest): Promise<AllocationAnswer> {
    const since = this.deps.clock.now();
    const waitUntil = since + request.waitMs;
    const until = waitUntil + request.timeoutMs;
    const ticket = {
      id,
      requirements: this.resolver.requirementsOf(request),
      place: this.deps.room.nextPlace(),
    };
    const claimAttempt: ClaimAttempt = {
      ...{ id, request, ticket, since, waitUntil, until },
      ...{ hasWaited: false, held: undefined, unsettled: undefined },
    };
    try {
      return await this.pursue(claimAttempt);
    } finally {
      this.letGo(claimAttempt);
    }
  }

  private async pursue(claimAttempt: ClaimAttempt): Promise<AllocationAnswer> {
    const { id, until, waitUntil } = claimAttempt;
    /** Whether everything that the log had at the last look for a slot has been read. */
    let isCurrent = false;
    while (this.deps.clock.now() < until) {
      const stale = this.deps.freshness.staleBecause();
      if (stale !== null) {
        if (await this.staleGate.mayWait(waitUntil)) continue;
        return refusedAnswer(id, 'not-ready', this.deps.storing.because() ?? stale);
      }
      const unstorable = this.deps.storing.because();
      if (unstorable === null && this.staleGate.isOccupied) await this.staleGate.pass(waitUntil);
      const holder = this.deps.pool.allocations.holderOf(id);
      if (holder !== undefined && isAwaiting(holder.state)) {
        this.letGo(claimAttempt);
        await this.outcome(holder, until);
        continue;
      }
      const answer = this.known(id, holder);
      if (answer !== undefined) return answer;
      if (this.deps.pool.allocations.serverFailuresOf(id) >= ATTEMPTS_MAX)
        return this.shortages.callbackFailed(id, ATTEMPTS_MAX);

      if (unstorable !== null) {
        if (await this.staleGate.mayWait(waitUntil)) continue;
        return refusedAnswer(id, 'not-ready', unstorable);
      }
      const found = await this.find(claimAttempt);
      if ('status' in found) {
        if (!isAboutSlots(found) || isCurrent) return found;
        // Events not read yet may free a slot that fits, or be another allocator's claim for this
        // id.
        isCurrent = (await this.deps.freshness.unreadBecause()) === null;
        continue;
      }
      isCurrent = false;
      if (found.kind === 'news') continue;
      claimAttempt.held = found.pick.head.subject;
      await this.claim(found.pick, claimAttempt);
    }
    return this.shortages.timedOut(claimAttempt);
  }

  /**
   * Returns a slot to claim: a free one, or the first that becomes free. A slot that could not be
   * claimed is released only after its request is back in its place, because that request may still
   * get it.
   */
  private async find(
    claimAttempt: ClaimAttempt,
  ): Promise<Extract<Called, { kind: 'slot' | 'news' }> | Refused> {
    const { id, request, ticket, waitUntil } = claimAttempt;
    const now = this.deps.clock.now();
    const pick = this.deps.pool.pick(ticket.requirements);
    if (pick !== undefined) {
      this.letGo(claimAttempt);
      return { kind: 'slot', pick };
    }
    const never = this.resolver.refusalOf(request);
    if (never !== null) return { ...never, allocationId: id };
    const waitedMs = Math.min(now, waitUntil) - claimAttempt.since;
    if (now >= waitUntil) return this.shortages.none(ticket, request, waitedMs);
    if (this.deps.room.isFull && !claimAttempt.hasWaited)
      return shed(id, request, this.deps.room.size);
    claimAttempt.hasWaited = true;
    const waiting = this.deps.room.wait(ticket, waitUntil);
    this.letGo(claimAttempt);
    const called = await waiting;
    switch (called.kind) {
      case 'slot':
      case 'news':
        return called;
      case 'expired':
        return this.shortages.none(ticket, request, request.waitMs);
      case 'cancelled':
        return cancelled(id);
      case 'stopping':
        return stopping(id);
      default:
        return called satisfies never;
    }
  }

  /** Waits until a callback that is not answered yet is answered or given up. */
  private async outcome(holder: SlotHead, until: number): Promise<void> {
    if (this.deps.maximum.concerns(holder.subject))
      await this.deps.maximum.judge(holder.subject, until);
    // Not `sequenceOf`: what nobody can read is no outcome.
    if (this.deps.pool.slots.get(holder.subject)?.sequence !== holder.sequence) return;
    await this.deps.writer.outcomes.nextChange(holder.subject, until);
  }

  private letGo(claimAttempt: ClaimAttempt): void {
    const { held } = claimAttempt;
    claimAttempt.held = undefined;
    if (held !== undefined) this.deps.pool.release(held);
  }

  /** What the log says about the id; undefined if the id may be claimed (again). */
  private known(id: string, holder: SlotHead | undefined): AllocationAnswer | undefined {
    if (holder !== undefined && statusOf(holder.state) === 'allocated') {
      return allocatedAnswer(holder);
    }
    const known = this.deps.pool.allocations.endOf(id);
    return known && ended(id, known.end);
  }

  private async claim({ head: from, grounds }: Pick, attempt: ClaimAttempt): Promise<void> {
    const { id, request, until, hasWaited, since } = attempt;
    const told = await this.deps.payloads.ofClaim(attempt, from.subject);
    if (told === undefined) return this.letGo(attempt);
    const failures = this.deps.pool.allocations.failuresOf(id);
    const decision = slot.decide(from.state, {
      type: 'RequestAllocation',
      at: this.deps.writer.timeAfter(from),
      allocationId: id,
      attempt: failures + 1,
      allocator: this.deps.allocator,
      buildConfiguration: request.buildConfiguration ?? null,
      ...told,
      idleMs: request.idleTtlMs ?? null,
      terms: this.resolver.termsFor(from, request),
      fresh: request.restart,
      requestedBy: request.by ?? UNNAMED,
      asked: askedOf(request),
      grounds: hasWaited ? { ...grounds, waitedMs: this.deps.clock.now() - since } : grounds,
    });
    const step = decision.kind === 'accepted' ? decision.steps[0] : undefined;
    if (step === undefined) return;
    const deduplicationId = claimKey(id, failures);
    const outcome = await this.deps.writer.append(from, step, until, deduplicationId);
    attempt.unsettled = outcome.kind === 'indeterminate' ? from.subject : undefined;
    const isLost = outcome.kind === 'conflict' || outcome.kind === 'busy';
    // Who does not wait has no place to go back to, and the slot may still be free.
    if (isLost && this.deps.clock.now() >= attempt.waitUntil) this.letGo(attempt);
    if (outcome.kind === 'busy') await this.deps.clock.sleep(BUSY_MS);
    if (outcome.kind === 'indeterminate') await this.deps.clock.sleep(UNSETTLED_MS);
    if (outcome.kind === 'duplicate' && outcome.original !== undefined) {
      await this.followOriginal(outcome.original.subject, outcome.original.sequence);
    }
  }

  /** Another allocator stored this attempt first: reads the events since then. */
  private async followOriginal(subject: string, sequence: number): Promise<void> {
    try {
      for await (const item of this.deps.log.read(subject, { sequence })) {
        if (item.kind === 'recorded')
          this.deps.pool.allocations.remember(subject, item.record.state);
        this.deps.writer.takeAhead(item);
      }
    } catch (error) {
      if (!(error instanceof TransientError || error instanceof LogRefused)) throw error;
      await this.deps.clock.sleep(UNSETTLED_MS);
    }
  }
}
