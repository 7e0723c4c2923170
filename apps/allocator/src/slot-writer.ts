import {
  messageOf,
  permits,
  settle,
  type Append,
  type LogItem,
  type Refusal,
  type Settled,
  type Step,
} from '#kernel';
import type { Pool, Present } from '#pool';
import { slot, slotMachine, type SlotCommand, type SlotEvent, type SlotState } from '#slot';
import type { SlotFact } from '#wire';
import { Outcomes } from './outcomes.js';
import type { AllocatorPorts } from './ports.js';

/** Decisions made anew for one command, each from a newer state, before it is given up. */
const DECISIONS_MAX = 20;

/** Pause after another write to the same slot was found in flight. */
const BUSY_MS = 5;

export type Recording =
  | { readonly kind: 'recorded'; readonly state: SlotState }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** No verdict in time; it may have been recorded. */
  | { readonly kind: 'unsettled' };

/**
 * The only way into the log. Every write is a compare-and-set on the state that was decided from:
 * whoever is second, loses, learns the new state, and decides again.
 */
export class SlotWriter {
  readonly outcomes: Outcomes;
  /** The last append that was stored: where, and when (epoch ms). */
  lastStored: { readonly sequence: number; readonly at: number } = { sequence: 0, at: 0 };

  constructor(
    private readonly allocator: string,
    private readonly ports: AllocatorPorts,
    private readonly pool: Pool,
  ) {
    this.outcomes = new Outcomes(ports.clock);
  }

  /** Decides and records, until it is recorded or refused; no verdict by `until`: unsettled. */
  async record(subject: string, command: SlotCommand, until: number): Promise<Recording> {
    for (let tries = 0; tries < DECISIONS_MAX && this.ports.clock.now() < until; tries += 1) {
      if (this.pool.isQuarantined(subject)) return { kind: 'refused', refusal: UNREADABLE };
      const state = this.pool.get(subject)?.state ?? slot.initial;
      const decision = slot.decide(state, command);
      if (decision.kind === 'refused') return decision;
      const outcome = await this.appendAll(subject, decision.steps, until);
      if (outcome === 'stored') {
        return { kind: 'recorded', state: decision.steps.at(-1)?.state ?? state };
      }
      if (outcome === 'unsettled') return { kind: 'unsettled' };
      if (outcome === 'busy') await this.ports.clock.sleep(BUSY_MS);
    }
    return { kind: 'unsettled' };
  }

  /** One compare-and-set; what stands in its way is learned before this returns. Never throws. */
  async append(
    subject: string,
    { event, state }: Step<SlotState, SlotEvent>,
    until: number,
    deduplicationId?: string,
  ): Promise<Settled<SlotFact>> {
    const source = `berth/allocator/${this.allocator}`;
    const settled = await this.settle(
      {
        subject,
        expected: this.pool.sequenceOf(subject),
        fact: { id: this.ports.chance.id(), source, event, state },
        ...(deduplicationId !== undefined && { deduplicationId }),
      },
      until,
    );
    if (settled.kind === 'stored') {
      this.lastStored = { sequence: settled.sequence, at: this.ports.clock.now() };
      this.learn({ subject, sequence: settled.sequence, state });
    }
    if (settled.kind === 'conflict') this.take(settled.last);
    return settled;
  }

  /** Whether the pool has this event, or a later one of the slot: its own writes, above all. */
  has(subject: string, sequence: number): boolean {
    return sequence <= this.pool.sequenceOf(subject);
  }

  /** Takes an event that follows, on its subject, the last one taken: it must be lawful. */
  takeNext(item: LogItem<SlotFact>): void {
    const before = this.pool.get(item.subject);
    if (
      before !== undefined &&
      item.kind === 'recorded' &&
      item.sequence > before.sequence &&
      !permits(slotMachine, before.state, item.fact.event)
    ) {
      const { subject, sequence, fact } = item;
      const reason = `${fact.event.type} cannot have happened`;
      this.take({ kind: 'setAside', subject, sequence, reason });
    } else this.take(item);
  }

  /** Takes a slot's present as it stands in the log. */
  take(item: LogItem<SlotFact> | undefined): void {
    if (item === undefined) return;
    const { subject, sequence } = item;
    if (item.kind === 'recorded') this.learn({ subject, sequence, state: item.fact.state });
    else {
      this.ports.logger.error({ subject, sequence, reason: item.reason }, 'an event was set aside');
      this.pool.quarantine(subject, sequence);
    }
  }

  private async appendAll(
    subject: string,
    steps: readonly Step<SlotState, SlotEvent>[],
    until: number,
  ): Promise<Settled<SlotFact>['kind']> {
    for (const step of steps) {
      const { kind } = await this.append(subject, step, until);
      if (kind !== 'stored') return kind;
    }
    return 'stored';
  }

  private async settle(append: Append<SlotFact>, until: number): Promise<Settled<SlotFact>> {
    try {
      return await settle(this.ports.log, append, this.ports.clock, until);
    } catch (cause) {
      const { subject } = append;
      this.ports.logger.error({ subject, error: messageOf(cause) }, 'the log refuses to store');
      return { kind: 'unsettled', cause };
    }
  }

  private learn(present: Present): void {
    if (this.pool.apply(present)) this.outcomes.changed(present);
  }
}

const UNREADABLE: Refusal = {
  code: 'unreadable',
  message: 'the last event of the slot cannot be read by this version; see the log',
};
