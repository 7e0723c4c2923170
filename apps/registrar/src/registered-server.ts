import { Reporter } from '#slot-owner';
import { errorMessage, type Cancel } from '#kernel';
import type { Logger } from '#service-runtime';
import { isAwaiting, slot, statusOf, type Allocation, type SlotRef, type SlotState } from '#slot';
import { slotName } from '#wire';
import type { Means } from './means.js';
import { isFree, nextStep } from './plan.js';
import { offerOf, type Departure, type Registration } from './registration.js';
import { reportOf } from './report.js';

/**
 * One registration and its slot. It acts on what is, never on what has changed, so the registrar may
 * be killed anywhere and begin again: a callback that was under way is made once more.
 */
export class RegisteredServer {
  /** When the lease runs out (epoch ms); of no account once the slot is claimed. */
  private leaseUntil: number;
  private state: SlotState = slot.initial;
  private sequence = 0;
  private call: AbortController | null = null;
  private closed = false;
  private readonly reporter: Reporter;
  private readonly log: Logger;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly ref: SlotRef,
    private readonly incarnation: number,
    private registration: Registration,
    private readonly means: Means,
    /** Is told when nothing is left of the slot. */
    private readonly forgotten: () => void,
  ) {
    this.log = means.logger.child({ slot: slotName(ref), server: registration.address });
    this.reporter = new Reporter(ref, means.bus, means.clock);
    this.leaseUntil = means.clock.now() + registration.leaseMs;
  }

  get name(): string {
    return slotName(this.ref);
  }

  get address(): string {
    return this.registration.address;
  }

  /** Whether it may still be had, as far as this registrar knows. */
  get isOffered(): boolean {
    return isFree(this.state) && this.registration.departure === null;
  }

  get isShown(): boolean {
    return this.sequence > 0;
  }

  /** By its token, a server is told from the one that had its address before. */
  isSameAs({ callback }: Registration): boolean {
    return this.registration.callback?.token === callback?.token;
  }

  /** The log's present of this slot. What is older than what was seen before is not news. */
  follow(state: SlotState, sequence: number): void {
    if (sequence <= this.sequence) return;
    this.state = state;
    this.sequence = sequence;
    for (const watcher of this.watchers) watcher();
    this.reconcile();
  }

  /** The same server registers again: what it says now counts. */
  renew(registration: Registration): void {
    const { slot: name, registeredAt } = this.registration;
    this.keep({ ...registration, slot: name, registeredAt });
    this.extend(registration.leaseMs);
    this.reconcile();
  }

  /** Seconds of the lease, from now. Nothing is written: keep-alives are many. */
  extend(leaseMs = this.registration.leaseMs): number {
    this.leaseUntil = this.means.clock.now() + leaseMs;
    return leaseMs / 1_000;
  }

  /** To be called now and then: the time may be over, or something may not have come to pass. */
  look(now: number): void {
    if (this.isOffered && now >= this.leaseUntil) this.depart('expired');
    else if (this.isOver) this.reconcile();
  }

  /** The registration is over. A session that runs ends where its server is gone. */
  depart(departure: Departure): void {
    if (this.registration.departure !== null) return;
    this.log.info({ departure }, 'a registration is over');
    this.keep({ ...this.registration, departure });
    this.hush();
    this.reconcile();
  }

  /** Resolves with whether the log shows the slot, as soon as it does or after so long. */
  whenShown(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      let cancel: Cancel = () => undefined;
      const look = () => {
        cancel();
        this.watchers.delete(look);
        resolve(this.isShown);
      };
      if (this.isShown) return look();
      this.watchers.add(look);
      cancel = this.means.clock.after(withinMs, look);
    });
  }

  reconcile(): void {
    if (this.closed) return;
    if (!isAwaiting(this.state)) this.hush();
    const step = nextStep(this.state, this.registration);
    if (step.type !== 'report') this.reporter.close();
    switch (step.type) {
      case 'report':
        return this.report();
      case 'call':
        if (this.call === null) void this.callBack(step.fence, step.allocation);
        return;
      case 'refuse':
        return this.answer(step.fence, { outcome: 'refused', reason: step.reason });
      case 'retire':
        return this.means.retirements.ask(this.ref.slot, step.reason);
      case 'forget':
        return this.forget();
      default:
        return step satisfies never;
    }
  }

  /** Looks no longer; what is kept stays kept. */
  close(): void {
    this.closed = true;
    this.hush();
    this.reporter.close();
    for (const watcher of this.watchers) watcher();
  }

  /** Whether nothing but its retirement is left of the slot, or soon will be. */
  private get isOver(): boolean {
    return this.registration.departure !== null || statusOf(this.state) === 'deallocated';
  }

  private report(): void {
    const { state, registration, incarnation } = this;
    const offer = offerOf(registration, this.means.settings);
    this.reporter.update(state, this.sequence, reportOf(state, registration, offer, incarnation));
  }

  /** A server that wants no callback has agreed by registering. */
  private async callBack(fence: number, allocation: Allocation): Promise<void> {
    const { callback, address } = this.registration;
    if (callback === null) return this.answer(fence, { outcome: 'acked', answer: null });
    const call = new AbortController();
    this.call = call;
    const { payload, callbackUntil, requestedAt } = allocation;
    // Counted from when the claim was seen: the clock that set the deadline is another machine's.
    const withinMs = callbackUntil - requestedAt;
    const { signal } = call;
    const outcome = await this.means.callbacks.deliver(address, {
      ...callback,
      ...{ payload, withinMs, signal },
    });
    // Whoever hushed the call wants to know no more.
    if (this.call !== call || outcome === null) return;
    this.call = null;
    this.answer(fence, outcome);
  }

  private answer(fence: number, outcome: NonNullable<Registration['called']>['outcome']): void {
    const { outcome: is } = outcome;
    this.log.info({ fence, outcome: is, ...('reason' in outcome && outcome) }, 'called back');
    this.keep({ ...this.registration, called: { fence, outcome } });
    this.reconcile();
  }

  private hush(): void {
    this.call?.abort();
    this.call = null;
  }

  private forget(): void {
    this.close();
    this.means.folder.remove(this.ref.slot);
    this.forgotten();
  }

  /** What cannot be written still counts while this process lives; the next one may ask again. */
  private keep(registration: Registration): void {
    this.registration = registration;
    if (registration.departure === 'unknown') return;
    try {
      this.means.folder.write(registration);
    } catch (error) {
      this.log.error({ error: errorMessage(error) }, 'a registration could not be kept');
    }
  }
}
