import {
  EventLog,
  type Append,
  type Random,
  type Clock,
  type LogRecord,
  type LogConsumer,
  type LogSubscription,
  type LogItem,
  type ReadFrom,
  type Subscription,
  type Verdict,
} from '#kernel';

/** A log for specs whose followers hear of events late: in order, with a delay of up to `byMs`. */
export class LateLog<F extends LogRecord> extends EventLog<F> {
  constructor(
    private readonly log: EventLog<F>,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly byMs: number,
  ) {
    super();
  }

  append(append: Append<F>): Promise<Verdict> {
    return this.log.append(append);
  }

  time(): Promise<number> {
    return this.log.time();
  }

  end(): Promise<number> {
    return this.log.end();
  }

  last(subject: string): Promise<LogItem<F> | undefined> {
    return this.log.last(subject);
  }

  at(sequence: number): Promise<LogItem<F> | undefined> {
    return this.log.at(sequence);
  }

  present(filter: string): AsyncIterable<LogItem<F>> {
    return this.log.present(filter);
  }

  read(filter: string, from?: ReadFrom): AsyncIterable<LogItem<F>> {
    return this.log.read(filter, from);
  }

  watch(filter: string, follower: LogConsumer<F>): Promise<Subscription> {
    return this.log.watch(filter, follower);
  }

  forget(subject: string, last: number): Promise<void> {
    return this.log.forget(subject, last);
  }

  async follow(after: number, follower: LogConsumer<F>): Promise<LogSubscription> {
    const queue: LogItem<F>[] = [];
    let sequence = after;
    const give = () => {
      const item = queue.shift();
      if (item === undefined) return;
      sequence = item.sequence;
      if (follower.has?.(item.subject, item.sequence) !== true) follower.receive(item);
    };
    const following = await this.log.follow(after, {
      receive: (item) => {
        queue.push(item);
        this.clock.after(this.random.fraction() * this.byMs, give);
      },
    });
    return {
      close: () => following.close(),
      silentMs: 0,
      get sequence() {
        return sequence;
      },
    };
  }
}
