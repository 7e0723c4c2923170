import type { Cancel } from '#kernel';
import {
  machine,
  REFUSAL_NOTED_MS,
  type MachineCommand,
  type MachineEvent,
  type MachineState,
  type SetPolicy,
} from '#machine';
import type { Pool, SlotHead } from '#pool';
import { statusOf, type Offer, type SlotRef, type SlotReport } from '#slot';
import {
  agentName,
  endpoints,
  slotName,
  slotSubject,
  type MachinesAnswer,
  type MachinesRequest,
  type MachineView,
  type PolicyAnswer,
  type PolicyRequest,
} from '#wire';
import { eachBounded } from '../bounded.js';
import type { SlotWriter } from '../log/slot-writer.js';
import { Settings, type Setting, type SettingsDeps } from '../operate/settings.js';
import { beyondPolicy } from './beyond-policy.js';

/** How often slots that are registered already are compared with the policies (ms). */
const CHECK_MS = 5_000;

/** Time for one slot's drain to be recorded (ms); the next check tries again. */
const RECORD_WITHIN_MS = 5_000;

/** Number of slots that are drained at the same time. */
const WRITES_MAX = 8;

const BY = "the machine's policy";
const NO_POLICY = 'it has no policy, and BERTH_REQUIRE_MACHINE_POLICY is set';

export interface MachinesDeps extends SettingsDeps<MachineState, MachineEvent> {
  readonly allocator: string;
  readonly region: string;
  readonly pool: Pool;
  readonly writer: Pick<SlotWriter, 'record'>;
  /** Whether a machine without a policy is refused. */
  readonly policyRequired: boolean;
}

/**
 * Keeps machines to their policies. A slot beyond them is not registered; one that is registered
 * already is drained, so its session goes on and no other follows. Every allocator does this, and
 * compare-and-set lets one of them through.
 */
export class Machines {
  private readonly settings: Settings<MachineState, MachineCommand, MachineEvent>;
  private stopChecks: Cancel = () => undefined;

  constructor(private readonly deps: MachinesDeps) {
    const { allocator, region } = deps;
    const kind = {
      noun: "machine's policy",
      filter: endpoints.machine.subject.filter({ region }),
      subjectOf: (agent: string) => endpoints.machine.subject.of({ region, agent }),
      nameOf: (subject: string) => endpoints.machine.subject.parse(subject).agent,
      decider: machine,
    };
    this.settings = new Settings(allocator, kind, deps);
  }

  /** Resolves when the policies are known; must come before any report is recorded. */
  async start(): Promise<void> {
    await this.settings.start();
    this.stopChecks = this.deps.clock.every(CHECK_MS, () => void this.drainBeyond());
  }

  stop(): void {
    this.stopChecks();
    this.settings.stop();
  }

  /** Sets a machine's policy, or removes it; repeating the request changes nothing. */
  async set(request: PolicyRequest): Promise<PolicyAnswer> {
    const { machine: name, policy, reason, by, revision } = request;
    const command = (at: number): SetPolicy => ({ type: 'SetPolicy', at, policy, reason, by });
    const set = await this.settings.record({ name, revision, command });
    if ('status' in set) return set;
    const { logger, region } = this.deps;
    logger.info({ region, machine: name, policy, reason, by }, "a machine's policy is set");
    return { status: 'set', machine: this.view(name, set) };
  }

  /** All machines that have slots, a policy or a refusal, sorted by name; or only one of them. */
  list({ machine: only }: MachinesRequest): MachinesAnswer {
    const known = new Set([...this.deps.pool.agents.names, ...this.settings.names]);
    const names = only === undefined ? [...known].sort() : [only].filter((name) => known.has(name));
    const machines = names.map((name) => this.view(name, this.settings.of(name)));
    return { status: 'machines', machines };
  }

  /** Why what a report says of its slot is beyond the policy of the machine; null if it is not. */
  objectionTo(ref: SlotRef, { offer }: SlotReport): string | null {
    return offer === undefined ? null : this.beyondBecause(ref.agent, slotSubject(ref), offer);
  }

  /**
   * Drains the slot of a report beyond the policy, and resolves with what of the report may be
   * recorded: all but its offer, or nothing of a slot that is not registered.
   */
  async refuse(ref: SlotRef, report: SlotReport, because: string): Promise<SlotReport | undefined> {
    await this.note(ref.agent, slotName(ref), because);
    const head = this.deps.pool.slots.get(slotSubject(ref));
    if (head === undefined) return undefined;
    await this.drain(head, because);
    const { offer: _, ...rest } = report;
    return rest;
  }

  /** A machine repeats its reports; the log and this service's own tell of them once an hour. */
  private async note(name: string, slot: string, reason: string): Promise<void> {
    const { logger, clock } = this.deps;
    const { refused } = this.settings.of(name).state;
    if (refused !== null && clock.now() - refused.at < REFUSAL_NOTED_MS) return;
    logger.warn({ slot, reason }, 'a registration was refused');
    const command = (at: number) => ({ type: 'NoteRefusal', at, slot, reason }) as const;
    await this.settings.record({ name, command });
  }

  private beyondBecause(agent: string, subject: string, offer: Offer): string | null {
    const { policy } = this.settings.of(agent).state;
    if (policy === null) return this.deps.policyRequired ? NO_POLICY : null;
    return beyondPolicy(policy, offer, placeOf(subject, this.deps.pool.agents.slotsOf(agent)));
  }

  /** The slots that are registered with an offer beyond the policy, each with the reason. */
  private *beyond(agent: string): Iterable<readonly [SlotHead, string]> {
    for (const head of this.deps.pool.agents.slotsOf(agent)) {
      const { offer } = head.state.context;
      const because = offer && this.beyondBecause(agent, head.subject, offer);
      if (because) yield [head, because];
    }
  }

  private async drainBeyond(): Promise<void> {
    const { pool, policyRequired } = this.deps;
    const names = policyRequired ? pool.agents.names : this.settings.names;
    const found = [...names].flatMap((name) => [...this.beyond(name)]);
    await eachBounded(found, WRITES_MAX, ([head, because]) => this.drain(head, because));
  }

  private async drain({ subject, state }: SlotHead, because: string): Promise<void> {
    const isOffered = ['available', 'allocated', 'deallocated'].includes(statusOf(state));
    if (!isOffered || state.context.pending !== null) return;
    const reason = `beyond the policy of its machine: ${because}`;
    const until = this.deps.clock.now() + RECORD_WITHIN_MS;
    await this.deps.writer.record(subject, { type: 'Drain', reason, by: BY }, until);
  }

  private view(name: string, { state, ...changed }: Setting<MachineState>): MachineView {
    return {
      id: agentName({ region: this.deps.region, agent: name }),
      policy: state.policy as MachineView['policy'],
      ...changed,
      slots: this.deps.pool.agents.slotsOf(name).length,
      beyond: [...this.beyond(name)].length,
      refused: state.refused,
    };
  }
}

/** How many slots of a machine count before this one: those known before it, by their names. */
function placeOf(subject: string, slots: readonly SlotHead[]): number {
  const isKnown = slots.some((head) => head.subject === subject);
  return slots.filter((head) => !isKnown || isBefore(head.subject, subject)).length;
}

/** Numbers in their own order: slot 9 is before slot 10. */
function isBefore(one: string, other: string): boolean {
  return one.length === other.length ? one < other : one.length < other.length;
}
