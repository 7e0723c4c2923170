import type { LogConsumer, LogItem, Subscription } from '#kernel';
import { matchesAny } from './log-server.js';
import type { SlotRecord } from '#wire';
import { someLatency, type Life } from './life.js';
import { chanceOf } from './seeds.js';
import type { World } from './world.js';

/** How often the present is read again (ms), for messages that were lost without notice. */
const REFRESH_MS = 30_000;

/** An agent's watch of its slots: the latest item of each, unless it was lost on the way. */
export class LookingOn implements Subscription {
  private readonly given = new Map<string, number>();
  private readonly lag;

  constructor(
    private readonly world: World,
    private readonly life: Life,
    private readonly filter: string | readonly string[],
    private readonly follower: LogConsumer<SlotRecord>,
  ) {
    this.lag = chanceOf(world.schedule.seed, 'look', life.name);
    world.server.listeners.add(this.look);
    world.server.connected.add(this.disconnected);
    life.onEnd(() => this.close());
    this.refreshLater();
  }

  close(): void {
    this.world.server.listeners.delete(this.look);
    this.world.server.connected.delete(this.disconnected);
  }

  give(items: readonly LogItem<SlotRecord>[]): void {
    for (const item of items) {
      if (item.sequence <= (this.given.get(item.subject) ?? 0)) continue;
      this.given.set(item.subject, item.sequence);
      this.follower.receive(item);
    }
  }

  /**
   * A watcher that got items that the log has lost starts over, as soon as the log can be reached
   * again.
   */
  private readonly disconnected = (last: number): void => {
    const { server, trace } = this.world;
    server.whenBack(this.life, () => {
      this.life.after(someLatency(this.lag), () => {
        if ([...this.given.values()].some((sequence) => sequence > last)) {
          trace.note(this.life.name, 'starts over: the log went back');
          this.given.clear();
          this.follower.startedOver?.();
        }
        this.give(server.present(this.filter));
      });
    });
  };

  private readonly look = (item: LogItem<SlotRecord>): void => {
    if (!matchesAny(this.filter, item.subject)) return;
    const fault = this.world.faults.next('look');
    const { server } = this.world;
    const { epoch } = server;
    if (fault === undefined) {
      this.life.after(someLatency(this.lag), () => {
        if (server.epoch === epoch) this.give([item]);
      });
    } else this.world.trace.note('log', `look ${fault.nth} of ${this.life.name} is lost`);
  };

  private refreshLater(): void {
    this.life.after(REFRESH_MS, () => {
      this.refreshLater();
      const { server } = this.world;
      if (!server.isAway) this.give(server.present(this.filter));
    });
  }
}
