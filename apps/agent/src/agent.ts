import { Heartbeat, watchPatiently, type Identity } from '#slot-owner';
import { errorMessage, type Cancel, type EventLog, type LogItem } from '#kernel';
import type { SlotRef } from '#slot';
import { slotOfSubject, slotsSubject, type SlotRecord } from '#wire';
import type { SlotFolder, Place } from './machine/slot-folder.js';
import type { GameSettings, Means } from './slot/means.js';
import { SlotReconciler } from './slot/slot-reconciler.js';
import { Workplace } from './slot/workplace.js';

/** How long the log may take to show that the games have ended, when the agent ends them (ms). */
const SHOWN_MS = 1_000;

export interface AgentSettings {
  readonly game: GameSettings;
  /** Names of the slots on this machine. */
  readonly slots: readonly string[];
  /** Whether games go on while there is no agent, or are ended with it. */
  readonly onStop: 'keep' | 'end';
}

export interface AgentMeans extends Means {
  /** Is told of each slot as it is opened, before its game is. */
  readonly opened?: (slot: SlotReconciler) => void;
}

/** Owns a machine's slots: one reconciler each, and one look at the log for all of them. */
export class Agent {
  private readonly reconcilers = new Map<string, SlotReconciler>();
  private unwatch: Cancel = () => undefined;
  private closed = false;
  private readonly heartbeat: Heartbeat;

  constructor(
    private readonly identity: Identity,
    private readonly settings: AgentSettings,
    private readonly log: EventLog<SlotRecord>,
    private readonly means: AgentMeans,
  ) {
    this.heartbeat = new Heartbeat(identity, means.bus, means.clock);
  }

  /**
   * Takes over what is there, then waits for the log, however long that takes, and follows it.
   * Throws `TransientError` where the machine cannot hold so many slots.
   */
  async start(): Promise<void> {
    await this.openSlots();
    this.heartbeat.start();
    const { region, agent } = this.identity;
    this.means.logger.info({ region, agent, slots: this.reconcilers.size }, 'the agent is up');
    this.unwatch = this.watch();
  }

  async close(onStop = this.settings.onStop): Promise<void> {
    if (this.closed) return;
    const reconcilers = [...this.reconcilers.values()];
    if (onStop === 'end') {
      await Promise.all(reconcilers.map((reconciler) => reconciler.end(SHOWN_MS)));
    }
    this.closed = true;
    this.heartbeat.stop();
    this.unwatch();
    await Promise.all(reconcilers.map((reconciler) => reconciler.close()));
  }

  /** The ports of all slots are known before any slot looks for new ones. */
  private async openSlots(): Promise<void> {
    const found: { slot: string; folder: SlotFolder; place: Place | null }[] = [];
    for (const slot of this.settings.slots) {
      const folder = await this.means.openFolder(slot);
      const place = await folder.readPlace();
      if (place?.ports) this.means.ports.keep(slot, place.ports);
      if (!place?.retired) found.push({ slot, folder, place });
    }
    for (const { slot, ...kept } of found) await this.openSlot(slot, kept);
  }

  private async openSlot(slot: string, kept: { folder: SlotFolder; place: Place | null }) {
    const { region, agent, incarnation } = this.identity;
    const ref: SlotRef = { region, agent, slot };
    const { game } = this.settings;
    const changed = () => this.reconcilers.get(slot)?.reconcile();
    const workplace = await Workplace.open(ref, game, this.means, kept, changed);
    const reconciler = new SlotReconciler(ref, incarnation, game, this.means, workplace);
    this.reconcilers.set(slot, reconciler);
    this.means.opened?.(reconciler);
  }

  private watch(): Cancel {
    const { clock, logger } = this.means;
    const subject = slotsSubject(this.identity.region, this.identity.agent);
    return watchPatiently(this.log, subject, clock, {
      receive: (item) => this.receive(item),
      following: () => {
        logger.info({ subject }, 'following the log');
        // What the log has not told of by now, it does not know: it is time to say so.
        for (const reconciler of this.reconcilers.values()) reconciler.reconcile();
      },
      waiting: (error, pauseMs) =>
        logger.warn({ error: errorMessage(error), pauseMs }, 'waiting for the log of slots'),
    });
  }

  private receive(item: LogItem<SlotRecord>): void {
    const { subject, sequence } = item;
    if (item.kind === 'unreadable') {
      const { reason } = item;
      return this.means.logger.error({ subject, sequence, reason }, 'unreadable: set aside');
    }
    const { slot } = slotOfSubject(subject);
    this.reconcilers.get(slot)?.follow(item.record.state, sequence);
  }
}
