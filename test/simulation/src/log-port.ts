import {
  EventLog,
  TransientError,
  type Append,
  type Clock,
  type LogConsumer,
  type LogSubscription,
  type LogItem,
  type ReadFrom,
  type Subscription,
  type Verdict,
} from '#kernel';
import type { SlotRecord } from '#wire';
import { Feed } from './feed.js';
import { asReadByLast, asWrittenByLast } from './last-release.js';
import type { Life } from './life.js';
import { UNKNOWN } from './log-server.js';
import { LookingOn } from './looking-on.js';
import { ANSWER_MS } from './schedule.js';
import type { World } from './world.js';

/** The log as one process has it: with delays and faults. */
export class LogPort extends EventLog<SlotRecord> {
  private readonly feeds: Feed[] = [];
  /** The newest record that this process has stored, or has read by a question of its own. */
  private known = 0;

  constructor(
    private readonly world: World,
    private readonly life: Life,
    private readonly clock: Clock,
    private readonly isOfLastRelease: boolean,
  ) {
    super();
  }

  append(append: Append<SlotRecord>): Promise<Verdict> {
    if (!this.isOfLastRelease) return this.appendAsIs(append);
    const record = asWrittenByLast(append.subject, append.record, this.world.breakage.unkept);
    this.world.judge.writtenByLast(record.id);
    return this.appendAsIs({ ...append, record });
  }

  private async appendAsIs(append: Append<SlotRecord>): Promise<Verdict> {
    if (this.feeds.some(({ hasGoneBack }) => hasGoneBack)) return UNKNOWN;
    this.world.judge.decided(append.record.id);
    const { epoch } = this.world.server;
    const attempted = await this.attempt(append);
    const verdict = this.world.server.epoch === epoch ? attempted : UNKNOWN;
    const { trace, counts } = this.world;
    const { subject, expected, record } = append;
    const { kind } = verdict;
    trace.note(
      this.life.name,
      `append ${record.event.type} to ${subject} after ${expected}: ${kind}`,
    );
    if (kind === 'stored') {
      this.note(verdict);
      for (const feed of this.feeds) feed.appended(subject, verdict.sequence);
    }
    if (kind === 'conflict') counts.conflicts += 1;
    if (kind === 'duplicate') counts.duplicates += 1;
    if (kind === 'unknown') counts.unknown += 1;
    return verdict;
  }

  time(): Promise<number> {
    return this.ask(() => this.world.timeline.now());
  }

  end(): Promise<number> {
    return this.ask(() => this.world.server.items.length);
  }

  async last(subject: string): Promise<LogItem<SlotRecord> | undefined> {
    const item = this.note(await this.ask(() => this.world.server.present(subject)[0]));
    return item && this.seen(item);
  }

  async at(sequence: number): Promise<LogItem<SlotRecord> | undefined> {
    const item = this.note(await this.ask(() => this.world.server.items[sequence - 1]));
    return item && this.seen(item);
  }

  async *present(filter: string): AsyncGenerator<LogItem<SlotRecord>, void> {
    const items = await this.ask(() => this.world.server.present(filter));
    for (const item of items) yield this.seen(item);
  }

  async *read(filter: string, from?: ReadFrom): AsyncGenerator<LogItem<SlotRecord>, void> {
    const items = await this.ask(() => this.world.server.read(filter, from));
    for (const item of items) yield this.seen(item);
  }

  async follow(after: number, follower: LogConsumer<SlotRecord>): Promise<LogSubscription> {
    await this.ask(() => undefined);
    const start = { after, known: () => this.known };
    const feed = new Feed(this.world, this.life, this.clock, start, this.seeing(follower));
    this.feeds.push(feed);
    return feed;
  }

  async watch(
    filter: string | readonly string[],
    follower: LogConsumer<SlotRecord>,
  ): Promise<Subscription> {
    const looking = new LookingOn(this.world, this.life, filter, this.seeing(follower));
    looking.give(await this.ask(() => this.world.server.present(filter)));
    return looking;
  }

  forget(): Promise<void> {
    throw new Error('nothing is kept elsewhere, so nothing is forgotten');
  }

  /** An item as this process's version understands it. */
  private seen(item: LogItem<SlotRecord>): LogItem<SlotRecord> {
    return this.isOfLastRelease ? asReadByLast(item) : item;
  }

  private seeing(follower: LogConsumer<SlotRecord>): LogConsumer<SlotRecord> {
    if (!this.isOfLastRelease) return follower;
    const receive = (item: LogItem<SlotRecord>) => follower.receive(this.seen(item));
    return Object.create(follower, { receive: { value: receive } }) as typeof follower;
  }

  private note<Known extends { readonly sequence: number } | undefined>(known: Known): Known {
    this.known = Math.max(this.known, known?.sequence ?? 0);
    return known;
  }

  private attempt(append: Append<SlotRecord>): Promise<Verdict> {
    const { server, faults, timeline, trace, breakage } = this.world;
    if (breakage.withoutDeadlines && isOfTime(append)) return this.life.call(() => UNKNOWN);
    const fault = faults.next('append');
    const { epoch } = server;
    // If the connection breaks, messages on their way are lost.
    const store = async () => (server.epoch === epoch ? server.store(append) : UNKNOWN);
    if (fault === undefined) {
      return this.life.call(store, server.isAway ? ANSWER_MS : undefined);
    }
    const { fate, byMs } = fault;
    trace.note('log', `append ${fault.nth}, ${append.record.event.type}: ${fate} ${byMs}`);
    switch (fate) {
      case 'answerLost':
        return this.life.call(() => store().then(() => UNKNOWN), ANSWER_MS);
      case 'lost':
        return this.life.call(() => UNKNOWN, ANSWER_MS);
      case 'late':
        timeline.after(byMs, () => void store().catch(() => undefined));
        return this.life.call(() => UNKNOWN, ANSWER_MS);
      case 'busy':
      case 'inFlight':
        return this.life.call(() => ({ kind: fate }));
      default:
        return fate satisfies never;
    }
  }

  private async ask<T>(question: () => T | Promise<T>): Promise<T> {
    const { server, faults } = this.world;
    const { epoch } = server;
    const fault = faults.next('read');
    const answer = () => {
      if (fault !== undefined || server.isAway) throw new TransientError('no answer from the log');
      return question();
    };
    const answered = await this.life.call(answer, server.isAway || fault ? ANSWER_MS : undefined);
    if (server.epoch !== epoch) throw new TransientError('the connection to the log broke');
    return answered;
  }
}

function isOfTime({ record: { event } }: Append<SlotRecord>): boolean {
  return event.type === 'CallbackTimedOut' || event.type === 'TtlExpired';
}
