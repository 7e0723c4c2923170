import type { Random } from '#kernel';
import {
  allocationOf,
  isOffered,
  isWarm,
  nextDeadline,
  type Assignment,
  type SlotState,
} from '#slot';
import { Allocations, type Ended, type Twice } from './allocations.js';
import { Deadlines } from './deadlines.js';
import { Fleets, standingOf, type FleetCounts, type Free } from './fleets.js';
import { kindOf, Offers } from './offers.js';
import type { Present } from './present.js';
import { machineOf, Residents } from './residents.js';
import { Rollouts, type Effort, type RolloutCounts } from './rollouts.js';
import { Seats } from './seats.js';
import { Tally } from './tally.js';
import { fits, type Wish } from './wish.js';

/** Ids that ended or failed and are remembered at most, by default; about 350 bytes each. */
const REMEMBERED_MAX = 1_000_000;

export interface PoolOptions {
  /** Told whenever a slot may have become free to be held. */
  readonly onOffered?: (present: Present) => void;
  /**
   * Told of free slots, one of each kind, whose fleet is not at its maximum any more. Says whether
   * one of them is held now, and is asked again if so.
   */
  readonly onReopened?: (presents: readonly Present[]) => boolean;
  /** Told whenever a slot holds an allocation whose session goes on. */
  readonly onAllocated?: (allocationId: string) => void;
  /** Ended ids, and ids with failures, kept at most: the earliest are forgotten first. */
  readonly rememberedMax?: number;
}

/**
 * An allocator's index of a region's slots: what is free, who holds what, what is due. Fed with
 * presents in any order and as often as one likes; the newest counts. Pure, in memory, and flat in
 * the size of the fleet.
 */
export class Pool {
  private readonly presents = new Map<string, Present>();
  private readonly quarantined = new Map<string, number>();
  private readonly held = new Set<string>();
  private readonly retiredSubjects = new Set<string>();
  private readonly offers = new Offers();
  private readonly deadlines = new Deadlines();
  private readonly residents = new Residents();
  private readonly seats = new Seats();
  private readonly rollouts = new Rollouts();
  private readonly offered = new Tally();
  private readonly fleets = new Fleets((fleet) => this.reopened(fleet));
  private readonly allocations: Allocations;

  constructor(
    private readonly random: Random,
    private readonly options: PoolOptions = {},
  ) {
    this.allocations = new Allocations(options.rememberedMax ?? REMEMBERED_MAX);
  }

  /** Slots known, and how many of them could be given to a request now. */
  get counts(): { readonly slots: number; readonly free: number } {
    return { slots: this.presents.size, free: this.offers.size };
  }

  /** Takes a slot's present; says whether it was news. */
  apply(present: Present): boolean {
    const { subject, sequence, state } = present;
    if (sequence <= this.sequenceOf(subject)) {
      // What was learned from the log's leader is ahead of what follows; its ends count none the less.
      this.remember(subject, state);
      this.seats.learnEarlier(present);
      return false;
    }
    this.offered.move(ownOf(this.presents.get(subject)), ownOf(present));
    this.presents.set(subject, present);
    if (state.value === 'retired') this.retiredSubjects.add(subject);
    this.quarantined.delete(subject);
    this.allocations.learn(subject, state);
    this.residents.learn(present);
    this.seats.learn(present);
    this.rollouts.learn(subject, state);
    this.deadlines.set(subject, nextDeadline(state)?.at ?? null);
    this.offer(present);
    const allocation = allocationOf(state);
    if (allocation !== null) this.options.onAllocated?.(allocation.id);
    return true;
  }

  /** A message nobody can read stands on the slot: it is not offered until a good one follows. */
  quarantine(subject: string, sequence: number): void {
    if (sequence <= this.sequenceOf(subject)) return;
    this.quarantined.set(subject, sequence);
    this.offers.delete(subject);
    this.fleets.delete(subject);
    this.rollouts.delete(subject);
  }

  isQuarantined(subject: string): boolean {
    return this.quarantined.has(subject);
  }

  /** The log has forgotten the slot, be it that nobody here has heard of its end. */
  forgetSlot(subject: string): void {
    this.quarantined.delete(subject);
    const present = this.presents.get(subject);
    if (present !== undefined && present.state.value !== 'retired') {
      const state = { ...present.state, value: 'retired' as const };
      this.apply({ subject, sequence: present.sequence + 1, state });
    }
    this.presents.delete(subject);
    this.retiredSubjects.delete(subject);
  }

  /** The slots that are out of service for ever, and that the log still tells of. */
  get retired(): Iterable<string> {
    return this.retiredSubjects;
  }

  /** A state of the past, for what it tells of allocations that ended. */
  remember(subject: string, state: SlotState): void {
    this.allocations.remember(subject, state);
  }

  /** Forgets the ends before `at` (epoch ms), and learns none of that time any more. */
  forgetBefore(at: number): void {
    this.allocations.forgetBefore(at);
  }

  /** Ids that ended or failed and are remembered, and how many had to go before their time. */
  get remembered(): { readonly ids: number; readonly forgottenEarly: number } {
    return this.allocations.remembered;
  }

  /** The allocations that two slots serve: what must never be. */
  get twice(): Iterable<Twice> {
    return this.allocations.twice;
  }

  get(subject: string): Present | undefined {
    return this.presents.get(subject);
  }

  /** What the next append to the slot must expect as its last sequence. */
  sequenceOf(subject: string): number {
    return this.quarantined.get(subject) ?? this.presents.get(subject)?.sequence ?? 0;
  }

  /** Picks a free slot that fits, and keeps it from being picked again until it is let go. */
  hold(wish: Wish): Present | undefined {
    if (wish.slot !== undefined)
      return this.isFitting(wish, wish.slot) ? this.holdSlot(wish.slot) : undefined;
    const roomIn = (fleet: string) => this.fleets.roomIn(fleet);
    const subject = this.offers.best(wish, this.random.fraction(), roomIn);
    return subject === undefined ? undefined : this.holdSlot(subject);
  }

  /** Holds this very slot, if it is free and its fleet may have one more session. */
  holdSlot(subject: string): Present | undefined {
    const present = this.presents.get(subject);
    if (present === undefined || !this.offers.has(subject)) return undefined;
    if (this.fleets.isFull(present.state.context.offer?.fleet ?? '')) return undefined;
    this.held.add(subject);
    this.offers.delete(subject);
    this.count(present);
    return present;
  }

  letGo(subject: string): void {
    this.held.delete(subject);
    this.reconsider(subject);
  }

  /** The slot that holds the allocation, or held it and is not cleared yet. */
  holderOf(allocationId: string): Present | undefined {
    const subject = this.allocations.holderOf(allocationId);
    return subject === undefined ? undefined : this.presents.get(subject);
  }

  /** Slots that were claimed for it in vain. */
  failuresOf(allocationId: string): number {
    return this.allocations.failuresOf(allocationId);
  }

  /** The failures that its servers are to blame for: not those of a fleet at its maximum. */
  serverFailuresOf(allocationId: string): number {
    return this.allocations.serverFailuresOf(allocationId);
  }

  endOf(allocationId: string): Ended | undefined {
    return this.allocations.endOf(allocationId);
  }

  /** The slots for which a deadline has passed. */
  due(now: number): Present[] {
    return this.deadlines.due(now).flatMap((subject) => this.presents.get(subject) ?? []);
  }

  /** Machines that have slots, each named by what their subjects have in common. */
  get machines(): Iterable<string> {
    return this.residents.machines;
  }

  slotsOf(machine: string): readonly Present[] {
    return this.residents.of(machine).flatMap((subject) => this.presents.get(subject) ?? []);
  }

  /** The latest start of the machine's agent that the log tells of (epoch ms); 0: none. */
  incarnationOf(machine: string): number {
    return this.residents.incarnationOf(machine);
  }

  /** The machine's slots are not offered until `offerAgain`. Cost grows with their number only. */
  withhold(machine: string): void {
    if (!this.residents.withhold(machine)) return;
    for (const subject of this.residents.of(machine)) this.offers.delete(subject);
  }

  offerAgain(machine: string): void {
    if (!this.residents.offerAgain(machine)) return;
    for (const subject of this.residents.of(machine)) this.reconsider(subject);
  }

  isWithheld(machine: string): boolean {
    return this.residents.isWithheld(machine);
  }

  /** Sessions of the fleet at most; null: as many as there are slots. */
  limit(fleet: string, max: number | null): void {
    this.fleets.limit(fleet, max);
  }

  /** From here on, the log is followed event by event, and the order of claims is known. */
  followedFrom(sequence: number): void {
    this.seats.readFrom(sequence);
  }

  /**
   * Where the slot's fleet has a maximum and its session is not acknowledged yet: the sequence of
   * its claim, or of an event after it.
   */
  limitedClaimOf(subject: string): number | undefined {
    return this.maxFor(subject) === undefined ? undefined : this.seats.claimOf(subject);
  }

  /**
   * Whether the slot's session, which is not acknowledged yet, is one too many for its fleet; to be
   * asked by who has read the log up to its claim.
   */
  isBeyondMax(subject: string): boolean {
    const max = this.maxFor(subject);
    return max !== undefined && this.seats.isBeyond(subject, max);
  }

  /** The fleet at its maximum that keeps a wish from being granted, and that maximum. */
  fullFor(wish: Wish): { readonly fleet: string; readonly max: number } | undefined {
    const fleets = wish.fleet === undefined ? this.offers.fleetsFor(wish) : [wish.fleet];
    const fleet = fleets.find((name) => this.fleets.isFull(name));
    const max = fleet === undefined ? undefined : this.fleets.maxSessions(fleet);
    return fleet === undefined || max === undefined ? undefined : { fleet, max };
  }

  /** Fleets that have slots in use, or that could be. */
  get fleetNames(): Iterable<string> {
    return this.fleets.names;
  }

  fleetCounts(fleet: string): FleetCounts {
    return this.fleets.countsOf(fleet);
  }

  /** Up to `most` of a fleet's slots, those first on machines where few, or many, stand so. */
  standing(fleet: string, standing: Free, most: number, first: 'few' | 'many'): readonly string[] {
    return this.fleets.some(fleet, standing, most, first);
  }

  /** How far the fleet's slots have come to what they are to run; null: their agents' own. */
  rolloutCounts(fleet: string, wanted: Assignment | null): RolloutCounts {
    return this.rollouts.countsOf(fleet, wanted);
  }

  /** A slot of the fleet that is to change, can, and is held neither here nor until after `now`. */
  nextToChange(
    fleet: string,
    wanted: Assignment | null,
    effort: Effort,
    now: number,
  ): Present | undefined {
    for (const subject of this.rollouts.others(fleet, wanted, effort)) {
      const present = this.presents.get(subject);
      if (present === undefined || this.held.has(subject)) continue;
      if ((present.state.context.heldUntil ?? 0) <= now) return present;
    }
    return undefined;
  }

  /** Whether any slot's agent is set to this build configuration. */
  hasOwn(buildConfiguration: string): boolean {
    return this.offered.has(buildConfiguration);
  }

  /** Every slot that is known. Cost grows with their number: not for what is done often. */
  get all(): Iterable<Present> {
    return this.presents.values();
  }

  private isFitting(wish: Wish, subject: string): boolean {
    const offer = this.presents.get(subject)?.state.context.offer;
    return offer != null && fits(wish, offer);
  }

  private maxFor(subject: string): number | undefined {
    const fleet = this.presents.get(subject)?.state.context.offer?.fleet;
    return fleet === undefined ? undefined : this.fleets.maxSessions(fleet);
  }

  private reopened(fleet: string): void {
    const { onReopened } = this.options;
    if (onReopened === undefined) return;
    const oneOfEach = () =>
      this.offers.oneOfEach(fleet).flatMap((subject) => this.presents.get(subject) ?? []);
    while (!this.fleets.isFull(fleet) && onReopened(oneOfEach()));
  }

  private count({ subject, state }: Present): void {
    const { offer } = state.context;
    const standing = standingOf(state, this.held.has(subject));
    if (offer === null || standing === null) return this.fleets.delete(subject);
    const isReady = standing !== 'taken' && isWarm(state);
    this.fleets.put(subject, {
      fleet: offer.fleet,
      machine: machineOf(subject),
      standing,
      isReady,
    });
  }

  private reconsider(subject: string): void {
    const present = this.presents.get(subject);
    if (present !== undefined && !this.quarantined.has(subject)) this.offer(present);
  }

  private offer(present: Present): void {
    const { subject, state } = present;
    const { offer } = state.context;
    const machine = machineOf(subject);
    const isKept = this.held.has(subject) || this.residents.isWithheld(machine);
    if (offer === null || !isOffered(state) || isKept) {
      this.offers.delete(subject);
      this.count(present);
      return;
    }
    this.offers.add({ subject, machine, ...kindOf(state, offer) });
    this.count(present);
    this.options.onOffered?.(present);
  }
}

function ownOf(present: Present | undefined): string | undefined {
  const state = present?.state;
  return state?.value === 'retired' ? undefined : state?.context.offer?.buildConfiguration;
}
