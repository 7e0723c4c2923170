import { Condition, errorMessage, type Cancel, type Random, type Clock } from '#kernel';
import type { Pool, SlotHead } from '#pool';
import { slot, type Assignment } from '#slot';
import type { Logger } from '#service-runtime';
import type { FleetView } from '#wire';
import type { Configurations } from '../builds/configurations.js';
import type { FleetSettings } from '../fleets/fleet-settings.js';
import type { Freshness } from '../log/pool-feeder.js';
import type { SlotWriter } from '../log/slot-writer.js';
import { changesAllowed } from './rollout-plan.js';
import { Standstill } from './standstill.js';

/**
 * How often each fleet is checked, on average (ms): allocators should do it at different instants.
 */
const TICK_MS = 1_000;

/**
 * Number of slots of one fleet that are changed at one check; the rest follows at the next ones.
 */
const CHANGES_MAX = 256;

/** Time for one slot's change to be recorded (ms); the next check tries again. */
const RECORD_WITHIN_MS = 5_000;

/** What a fleet's slots are to run, and by which settings. */
interface Goal {
  readonly fleet: string;
  /** Null: what each agent is set to. */
  readonly wanted: Assignment | null;
  readonly atATime: number;
  /** Identifies the goal: rises with every change of the settings that lead to it. */
  readonly revision: string;
}

interface RolloutsDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly pool: Pool;
  readonly writer: SlotWriter;
  readonly freshness: Freshness;
}

/**
 * Changes the free slots of fleets to what they are to run, a limited number at a time. Every
 * allocator does this; there is no leader. The de-duplication id of each change contains the number
 * of slots changed before. So if two allocators want to change the next slot, even different ones,
 * the log accepts one of them, and an allocator that lags behind changes nothing.
 */
export class Rollouts {
  private isChanging = false;
  private readonly standstill = new Standstill();
  private cancel: Cancel = () => undefined;
  private readonly failing: Condition;

  constructor(
    private readonly deps: RolloutsDeps,
    private readonly fleets: FleetSettings,
    private readonly configurations: Configurations,
  ) {
    this.failing = new Condition(deps.logger, deps.clock, {
      begins: 'rollouts cannot go on',
      ends: 'rollouts go on',
    });
  }

  start(): void {
    const delayMs = TICK_MS * (0.5 + this.deps.random.fraction());
    this.cancel = this.deps.clock.after(delayMs, () => {
      this.seeAll();
      void this.changeAll();
      this.start();
    });
  }

  stop(): void {
    this.cancel();
  }

  /** How far a fleet's rollout is; null if its slots run only what their agents are set to. */
  viewOf(fleet: string): FleetView['rollout'] {
    const rollout = this.countsOf(fleet);
    const standsMs = this.standstill.of(fleet, this.deps.clock.now());
    return rollout && { ...rollout, ...(standsMs !== undefined && { standsMs }) };
  }

  private countsOf(fleet: string): FleetView['rollout'] {
    const wanted = this.goalOf(fleet)?.wanted ?? null;
    if (wanted === null) return null;
    const { done, changing, waiting, failed } = this.deps.pool.rollouts.countsOf(fleet, wanted);
    return { ...wanted, done, changing, waiting, failed };
  }

  private seeAll(): void {
    const now = this.deps.clock.now();
    for (const fleet of this.deps.pool.fleets.names) {
      this.standstill.see(fleet, this.countsOf(fleet), now);
    }
  }

  private async changeAll(): Promise<void> {
    if (this.isChanging || this.deps.freshness.staleBecause() !== null) return;
    this.isChanging = true;
    try {
      for (const fleet of [...this.deps.pool.fleets.names]) await this.changeSome(fleet);
      this.failing.pass();
    } catch (error) {
      this.failing.fail(errorMessage(error));
    } finally {
      this.isChanging = false;
    }
  }

  private async changeSome(fleet: string): Promise<void> {
    if (this.next(this.goalOf(fleet)) === undefined) return;
    // Only now, when there is something to change: read the settings and the slots up to date.
    await this.fleets.refresh(fleet);
    const { buildConfiguration } = this.fleets.of(fleet).state;
    if (buildConfiguration !== null) await this.configurations.refresh(buildConfiguration);
    if ((await this.deps.freshness.unreadBecause()) !== null) return;
    const goal = this.goalOf(fleet);
    for (let changes = 0; changes < CHANGES_MAX; changes += 1) {
      const next = this.next(goal);
      if (goal === undefined || next === undefined || !(await this.change(next, goal))) return;
    }
  }

  /** Undefined if the goal is not known; then nothing is changed. */
  private goalOf(fleet: string): Goal | undefined {
    const { state, revision } = this.fleets.of(fleet);
    const { buildConfiguration: name, atATime } = state;
    if (name === null) return { fleet, wanted: null, atATime, revision: `${revision}` };
    const wanted = this.configurations.current(name);
    const of = `${revision} ${this.configurations.revisionOf(name)}`;
    return wanted && { fleet, wanted, atATime, revision: of };
  }

  private next(goal: Goal | undefined): SlotHead | undefined {
    if (goal === undefined) return undefined;
    const { fleet, wanted, atATime } = goal;
    const now = this.deps.clock.now();
    const costs = changesAllowed(this.deps.pool.rollouts.countsOf(fleet, wanted), atATime);
    for (const cost of costs) {
      const next = this.deps.pool.rollouts.nextToChange(fleet, wanted, cost, now);
      if (next !== undefined) return next;
    }
    return undefined;
  }

  /**
   * Whether the change was recorded; if not, another allocator was faster, or the slot has moved
   * on.
   */
  private async change(from: SlotHead, { fleet, wanted, revision }: Goal): Promise<boolean> {
    const { clock, writer } = this.deps;
    const { assigned } = this.deps.pool.rollouts.countsOf(fleet, wanted);
    const command = { type: 'AssignConfiguration', assigned: wanted } as const;
    const decision = slot.decide(from.state, { ...command, at: writer.timeAfter(from) });
    const step = decision.kind === 'accepted' ? decision.steps[0] : undefined;
    if (step === undefined) return false;
    // Ids of allocations contain no spaces, so this id is never one of theirs.
    const id = `change ${fleet} ${revision} ${assigned}`;
    const outcome = await writer.append(from, step, clock.now() + RECORD_WITHIN_MS, id);
    return outcome.kind === 'stored';
  }
}
