import { JsonText } from '#json';
import { refused, spannedCallback } from '#callback-http';
import { PayloadReader, Reconciler } from '#slot-owner';
import { errorMessage, type Cancel } from '#kernel';
import { isAwaiting, statusOf, type SlotRef } from '#slot';
import { slotName } from '#wire';
import { isProven } from './proof.js';
import type { RegistrarDeps } from './registrar-deps.js';
import { isFree, nextAction, type Claim } from './server-plan.js';
import { offerOf, type Departure, type Registration } from './registration.js';
import { reportOf } from './server-report.js';

/** Pause before the payload of a claim is asked for again (ms). */
const AGAIN_MS = 500;

/**
 * One registration and its slot. If the registrar ends during a callback, the callback is made once
 * more after its restart.
 */
export class RegisteredServer extends Reconciler {
  /** When the lease runs out (epoch ms). Ignored once the slot is claimed. */
  private leaseUntil: number;
  private call: AbortController | null = null;
  private readonly payloads: PayloadReader;
  private readonly watchers = new Set<() => void>();

  constructor(
    ref: SlotRef,
    private readonly incarnation: number,
    private registration: Registration,
    private readonly deps: RegistrarDeps,
    /** Called when nothing is left of the slot. */
    private readonly forgotten: () => void,
  ) {
    super(ref, deps.logger.child({ slot: slotName(ref), server: registration.address }), deps);
    this.leaseUntil = deps.clock.now() + registration.leaseMs;
    this.payloads = new PayloadReader(ref, deps.bus);
  }

  get name(): string {
    return slotName(this.ref);
  }

  get address(): string {
    return this.registration.address;
  }

  /** Whether the server can still be allocated, as far as this registrar knows. */
  get isOffered(): boolean {
    return isFree(this.state) && this.registration.departure === null;
  }

  get isShown(): boolean {
    return this.sequence > 0;
  }

  /**
   * Whether the registration is of the same server. Another server at the same address has another
   * token.
   */
  isSameAs({ callback }: Registration): boolean {
    return this.registration.callback?.token === callback?.token;
  }

  /** Whether the request may replace the registration, or end it. */
  isProvenBy(shown: Parameters<typeof isProven>[1]): boolean {
    return isProven(this.registration, shown, this.deps.settings.replacement);
  }

  /** The same server registers again: its new registration replaces the old one. */
  renew(registration: Registration): void {
    const { slot: name, registeredAt } = this.registration;
    this.keep({ ...registration, slot: name, registeredAt });
    this.extend(registration.leaseMs);
    this.reconcile();
  }

  /**
   * Extends the lease from now on; returns its seconds. Writes nothing, because keep-alives are
   * many.
   */
  extend(leaseMs = this.registration.leaseMs): number {
    this.leaseUntil = this.deps.clock.now() + leaseMs;
    return leaseMs / 1_000;
  }

  /** To be called periodically: ends an expired lease, and repeats what has not succeeded yet. */
  look(now: number): void {
    if (this.isOffered && now >= this.leaseUntil) this.depart('expired');
    else if (this.isOver) this.reconcile();
  }

  /**
   * Ends the registration. A running session ends too if its server is gone.
   *
   * @param by who asked for it; undefined: the registrar itself ends it
   */
  depart(departure: Departure, by?: string): void {
    if (this.registration.departure !== null) return;
    this.log.info({ departure }, 'a registration is over');
    this.keep({ ...this.registration, departure, ...(by !== undefined && { departedBy: by }) });
    this.cancelCallback();
    this.reconcile();
  }

  /** Resolves with whether the log shows the slot: as soon as it does, or after `withinMs`. */
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
      cancel = this.deps.clock.after(withinMs, look);
    });
  }

  /** Stops working on the slot; its file stays. */
  override close(): Promise<void> {
    this.cancelCallback();
    for (const watcher of this.watchers) watcher();
    return super.close();
  }

  protected override followed(): void {
    for (const watcher of this.watchers) watcher();
  }

  protected approach(): void {
    if (!isAwaiting(this.state)) this.cancelCallback();
    const action = nextAction(this.state, this.registration);
    if (action.type !== 'report') this.reporter.close();
    switch (action.type) {
      case 'report':
        return this.report();
      case 'call':
        if (this.call === null) void this.callBack(action.claim);
        return;
      case 'refuse':
        return this.answer(action.claim, refused(action.reason, 'process-ended'));
      case 'retire':
        return this.deps.retirements.ask(
          this.ref.slot,
          action.reason,
          this.registration.departedBy,
        );
      case 'forget':
        return this.forget();
      default:
        return action satisfies never;
    }
  }

  /** Whether the slot can only be retired now, or soon. */
  private get isOver(): boolean {
    return this.registration.departure !== null || statusOf(this.state) === 'deallocated';
  }

  private report(): void {
    const { state, registration, incarnation } = this;
    const offer = offerOf(registration, this.deps.settings);
    this.reporter.update(state, this.sequence, reportOf(state, registration, offer, incarnation));
  }

  /** A server without a callback has accepted every claim by registering. */
  private async callBack(claim: Claim): Promise<void> {
    const { callback, address } = this.registration;
    if (callback === null) {
      return this.answer(claim, { outcome: 'acked', answer: JsonText.null });
    }
    const call = new AbortController();
    this.call = call;
    const { callbackUntil, requestedAt } = claim.allocation;
    // Counts from when the claim was seen, because another machine's clock set the deadline.
    const withinMs = callbackUntil - requestedAt;
    const { signal } = call;
    const payload = await this.payloadOf(claim);
    if (this.call !== call) return;
    if (payload === undefined) {
      this.call = null;
      return this.reconcileAfter(AGAIN_MS);
    }
    const outcome = await spannedCallback(claim.allocation.id, () =>
      this.deps.callbacks.deliver(address, { ...callback, ...{ payload, withinMs, signal } }),
    );
    if (this.call !== call || outcome === null) return;
    this.call = null;
    this.answer(claim, outcome);
  }

  /** Undefined if it cannot be read now. */
  private async payloadOf(claim: Claim): Promise<JsonText | undefined> {
    try {
      return await this.payloads.read(claim.allocation);
    } catch (error) {
      const { id: allocationId } = claim.allocation;
      this.log.warn(
        { allocationId, error: errorMessage(error) },
        'the payload of a claim cannot be read now',
      );
      return undefined;
    }
  }

  private answer(claim: Claim, outcome: NonNullable<Registration['called']>['outcome']): void {
    const { outcome: is } = outcome;
    const { fence, allocation } = claim;
    const claimed = { fence, allocationId: allocation.id };
    this.log.info({ ...claimed, outcome: is, ...('reason' in outcome && outcome) }, 'called back');
    this.keep({ ...this.registration, called: { ...claim, outcome } });
    this.reconcile();
  }

  private cancelCallback(): void {
    this.call?.abort();
    this.call = null;
  }

  private forget(): void {
    void this.close();
    this.deps.folder.remove(this.ref.slot);
    this.forgotten();
  }

  /**
   * If the registration cannot be written, it counts in this process, but a restarted registrar may
   * call the server again.
   */
  private keep(registration: Registration): void {
    this.registration = registration;
    if (registration.departure === 'unknown') return;
    try {
      this.deps.folder.write(registration);
    } catch (error) {
      this.log.error({ error: errorMessage(error) }, 'a registration could not be saved');
    }
  }
}
