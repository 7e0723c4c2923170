import {
  OwnAppends,
  type Clock,
  type LogConsumer,
  type LogSubscription,
  type LogItem,
} from '#kernel';
import type { SlotRecord } from '#wire';
import { someLatency, type Life } from './life.js';
import { chanceOf } from './seeds.js';
import type { World } from './world.js';

const HEARTBEAT_MS = 1_000;

interface FeedStart {
  readonly after: number;
  /** The newest sequence that the process knows otherwise. */
  known(): number;
}

/**
 * An allocator's subscription: complete and in order, with a random lag. Like that of JetStream it
 * is suspended while the process stores events and nobody else any, only much sooner, since runs are
 * short.
 */
export class Feed implements LogSubscription {
  sequence: number;
  private heardAt: number;
  private readonly lag;
  private readonly own: OwnAppends;
  private isWoken = false;
  private isClosed = false;
  /** The log has lost something that this process knows. */
  hasGoneBack = false;

  constructor(
    private readonly world: World,
    private readonly life: Life,
    private readonly clock: Clock,
    private readonly start: FeedStart,
    private readonly follower: LogConsumer<SlotRecord>,
  ) {
    this.sequence = start.after;
    this.heardAt = clock.now();
    this.own = new OwnAppends(clock, () => this.resume());
    this.lag = chanceOf(world.schedule.seed, 'lag', life.name, start.after);
    world.server.listeners.add(this.wake);
    world.server.connected.add(this.disconnected);
    life.onEnd(() => this.close());
    clock.every(HEARTBEAT_MS, () => this.beat());
    this.wake();
  }

  get silentMs(): number {
    return this.clock.now() - this.heardAt;
  }

  /** Called when an append of this process was stored; counts when it has been taken. */
  appended(subject: string, sequence: number): void {
    this.life.after(0, () => {
      if (this.isClosed || this.hasGoneBack) return;
      if (this.world.breakage.withoutGaps) return this.reach(sequence);
      if (this.follower.has?.(subject, sequence) !== true) return;
      this.own.stored(sequence);
      if (!this.own.hasGapAfter(this.sequence)) this.suspend();
      else if (this.own.suffice) this.resume();
    });
  }

  private suspend(): void {
    this.reach(this.own.reachFrom(this.sequence));
    if (this.own.suffice) return;
    this.world.counts.suspended += 1;
    this.own.begin();
  }

  private reach(sequence: number): void {
    this.sequence = Math.max(this.sequence, sequence);
    this.heardAt = this.clock.now();
  }

  private resume(): void {
    this.own.end();
    this.wake();
  }

  close(): void {
    this.isClosed = true;
    this.own.end();
    this.world.server.listeners.delete(this.wake);
    this.world.server.connected.delete(this.disconnected);
  }

  private readonly wake = (): void => {
    if (this.isWoken) return;
    this.isWoken = true;
    this.life.after(someLatency(this.lag), () => this.pump());
  };

  /**
   * A process that knows events that the log has lost ends, as soon as the log can be reached again.
   */
  private readonly disconnected = (last: number): void => {
    const { server, trace } = this.world;
    if (Math.max(this.sequence, this.start.known()) <= last) return;
    this.hasGoneBack = true;
    server.whenBack(this.life, () => {
      this.life.after(someLatency(this.lag), () => {
        trace.note(this.life.name, 'ends: the log went back');
        this.life.die();
      });
    });
  };

  private pump(): void {
    this.isWoken = false;
    if (this.isClosed || this.hasGoneBack || this.own.suffice) return;
    if (this.stall !== undefined || this.world.server.isAway) return;
    const { items } = this.world.server;
    for (let item = items[this.sequence]; item; item = items[this.sequence]) this.take(item);
  }

  private take(item: LogItem<SlotRecord>): void {
    this.sequence = item.sequence;
    this.heardAt = this.clock.now();
    if (this.follower.has?.(item.subject, item.sequence) !== true) this.follower.receive(item);
  }

  /** Items held back are delivered with the first heartbeat that is heard again. */
  private beat(): void {
    if (this.isClosed || this.hasGoneBack || this.world.server.isAway) return;
    if (this.own.suffice) return;
    const { stall } = this;
    if (stall === undefined) this.pump();
    if (stall === undefined || stall.isHeard) this.heardAt = this.clock.now();
  }

  private get stall() {
    return this.world.network.stallOf(this.life.name);
  }
}
