import {
  EventLog,
  TransientError,
  type Append,
  type LogConsumer,
  type LogSubscription,
  type LogItem,
  type ReadFrom,
  type Subscription,
  type Verdict,
} from '#kernel';
import type { FleetRecord } from '#wire';
import { someLatency, type Life } from './life.js';
import { UNKNOWN } from './log-server.js';
import { ANSWER_MS } from './schedule.js';
import { chanceOf } from './seeds.js';
import type { World } from './world.js';

/** The log of fleets' settings as one allocator has it: with the same delays as the other log. */
export class FleetLogPort extends EventLog<FleetRecord> {
  private readonly lag;

  constructor(
    private readonly world: World,
    private readonly life: Life,
  ) {
    super();
    this.lag = chanceOf(world.schedule.seed, 'sizes', life.name);
  }

  append(append: Append<FleetRecord>): Promise<Verdict> {
    const { server, fleets } = this.world;
    return this.life.call(
      () => {
        if (server.isAway) return UNKNOWN;
        server.needsRoom();
        return fleets.append(append);
      },
      server.isAway ? ANSWER_MS : undefined,
    );
  }

  time(): Promise<number> {
    return this.ask(() => this.world.fleets.time());
  }

  end(): Promise<number> {
    return this.ask(() => this.world.fleets.end());
  }

  last(subject: string): Promise<LogItem<FleetRecord> | undefined> {
    return this.ask(() => this.world.fleets.last(subject));
  }

  at(sequence: number): Promise<LogItem<FleetRecord> | undefined> {
    return this.ask(() => this.world.fleets.at(sequence));
  }

  present(filter: string): AsyncIterable<LogItem<FleetRecord>> {
    return this.world.fleets.present(filter);
  }

  read(filter: string, from?: ReadFrom): AsyncIterable<LogItem<FleetRecord>> {
    return this.world.fleets.read(filter, from);
  }

  follow(after: number, follower: LogConsumer<FleetRecord>): Promise<LogSubscription> {
    return this.world.fleets.follow(after, follower);
  }

  /** When this resolves, the present at the beginning of the watch is known. */
  async watch(filter: string, follower: LogConsumer<FleetRecord>): Promise<Subscription> {
    const { maxima } = this.world.judge;
    let isPresent = true;
    const receive = (item: LogItem<FleetRecord>) => {
      maxima.learned(this.life, item.sequence);
      follower.receive(item);
    };
    maxima.learned(this.life, 0);
    const watching = await this.ask(() =>
      this.world.fleets.watch(filter, {
        receive: (item) => {
          if (isPresent) receive(item);
          else this.life.after(someLatency(this.lag), () => receive(item));
        },
      }),
    );
    isPresent = false;
    this.life.onEnd(() => watching.close());
    return watching;
  }

  forget(): Promise<void> {
    throw new Error('the sizes of fleets are not forgotten');
  }

  private ask<T>(question: () => T | Promise<T>): Promise<T> {
    const { server } = this.world;
    const answer = () => {
      if (server.isAway) throw new TransientError('no answer from the log');
      return question();
    };
    return this.life.call(answer, server.isAway ? ANSWER_MS : undefined);
  }
}
