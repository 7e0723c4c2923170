import { Heartbeat, loginIn, SlotWatch, type Identity, type MachineState } from '#slot-owner';
import type { EventLog } from '#kernel';
import { version } from '#service-runtime';
import { statusOf, type SlotRef } from '#slot';
import type { Disk, SlotRecord } from '#wire';
import type { SlotFolder } from './machine/slot-folder.js';
import type { GameSettings } from './slot/game-settings.js';
import type { SlotDeps } from './slot/slot-deps.js';
import { SlotHost, type FoundSlot } from './slot/slot-host.js';
import { SlotReconciler } from './slot/slot-reconciler.js';

/**
 * How long (ms) the agent waits for the log to show that the games have ended, if it ends them when
 * it stops.
 */
const SHOWN_MS = 1_000;

export interface AgentSettings {
  readonly game: GameSettings;
  /** Names of the slots on this machine. */
  readonly slots: readonly string[];
  /** What happens to the games when the agent stops: they keep running, or the agent ends them. */
  readonly onStop: 'keep' | 'end';
}

export interface AgentDeps extends SlotDeps {
  readonly eventLog: EventLog<SlotRecord>;
  readonly openFolder: (slot: string) => Promise<SlotFolder>;
  /** Called for each slot when it is opened, before the slot opens its game. */
  readonly opened?: (slot: SlotReconciler) => void;
  /** The room on the machine's disk; undefined while it is not known. */
  readonly disk?: () => Disk | undefined;
  /** For how long its login to NATS is good (ms); null: for ever, or it is not known. */
  readonly loginLeftMs?: () => number | null;
}

/**
 * Owns a machine's slots: one reconciler for each slot, and one subscription to the log for all of
 * them.
 */
export class Agent {
  private readonly slots = new Map<string, SlotReconciler>();
  private closed = false;
  private readonly heartbeat: Heartbeat;
  private readonly watch: SlotWatch;

  constructor(
    private readonly identity: Identity,
    private readonly settings: AgentSettings,
    private readonly deps: AgentDeps,
  ) {
    this.heartbeat = new Heartbeat(identity, deps.bus, deps.clock, () => this.machine());
    const { slots } = this;
    this.watch = new SlotWatch(
      identity,
      { of: (slot) => slots.get(slot), all: () => slots.values(), names: () => [...slots.keys()] },
      deps,
    );
  }

  /**
   * Takes over the slots and games that are already on this machine, then waits for the log,
   * without a time limit, and follows it.
   *
   * @throws {TransientError} if the machine cannot hold this many slots
   */
  async start(): Promise<void> {
    await this.openSlots();
    this.heartbeat.start();
    const { region, agent } = this.identity;
    this.deps.logger.info({ region, agent, slots: this.slots.size }, 'the agent is up');
    this.watch.start();
  }

  /** Why none of its slots could be claimed now; null if some could. */
  unreadyBecause(): string | null {
    const unread = this.watch.unreadBecause();
    const slots = [...this.slots.values()];
    if (unread !== null) return unread;
    if (slots.length === 0) return 'the agent has no slots: all of them are retired';
    if (slots.every(({ logged }) => statusOf(logged) === 'unregistered')) {
      return 'no slot is registered: no allocator has recorded what the agent reports';
    }
    if (slots.every(({ logged }) => logged.context.agentLost)) {
      return 'the agent counts as lost: no allocator has recorded that it is back';
    }
    return null;
  }

  async close(onStop = this.settings.onStop): Promise<void> {
    if (this.closed) return;
    const slots = [...this.slots.values()];
    if (onStop === 'end') await Promise.all(slots.map((slot) => slot.end(SHOWN_MS)));
    this.closed = true;
    this.heartbeat.stop();
    this.watch.close();
    await Promise.all(slots.map((slot) => slot.close()));
  }

  private machine(): MachineState {
    const disk = this.deps.disk?.();
    const notReadyBecause = this.unreadyBecause();
    return {
      ...{ version, ...loginIn(this.deps.loginLeftMs?.()) },
      ...(disk && { disk }),
      ...(notReadyBecause !== null && { notReadyBecause }),
    };
  }

  /**
   * Reads the ports that each slot kept before it opens any slot, so that no slot takes the ports
   * of another.
   */
  private async openSlots(): Promise<void> {
    const found = new Map<string, FoundSlot>();
    for (const slot of this.settings.slots) {
      const folder = await this.deps.openFolder(slot);
      const kept = await folder.readKept();
      if (kept?.ports) this.deps.ports.keep(slot, kept.ports);
      if (!kept?.retired) found.set(slot, { folder, kept });
    }
    for (const [slot, folder] of found) await this.openSlot(slot, folder);
  }

  private async openSlot(slot: string, found: FoundSlot): Promise<void> {
    const { region, agent, incarnation } = this.identity;
    const ref: SlotRef = { region, agent, slot };
    const { game } = this.settings;
    const changed = () => this.slots.get(slot)?.reconcile();
    const host = await SlotHost.open(ref, game, this.deps, found, changed);
    const reconciler = new SlotReconciler(ref, incarnation, game, this.deps, host);
    this.slots.set(slot, reconciler);
    this.deps.opened?.(reconciler);
  }
}
