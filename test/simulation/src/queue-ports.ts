import { TransientError, type Subscription } from '#kernel';
import {
  decodeJson,
  OutcomeStore,
  publishedRequest,
  RequestQueue,
  type QueuedRequest,
  type StoredOutcome,
} from '#wire';
import { someLatency, type Life } from './life.js';
import { ANSWER_MS } from './schedule.js';
import { chanceOf } from './seeds.js';
import type { World } from './world.js';

function asked<T>({ server }: World, life: Life, question: () => Promise<T>): Promise<T> {
  const answer = () => {
    if (server.isAway) throw new TransientError('no answer from the log');
    return question();
  };
  return life.call(answer, server.isAway ? ANSWER_MS : undefined);
}

/**
 * The queue of published requests as one process has it. A process that dies loses the requests it
 * holds.
 */
export class QueuePort extends RequestQueue {
  private readonly lag;

  constructor(
    private readonly world: World,
    private readonly life: Life,
  ) {
    super();
    this.lag = chanceOf(world.schedule.seed, 'queue', life.name);
  }

  publish(allocationId: string, body: Uint8Array): Promise<void> {
    return asked(this.world, this.life, () => {
      const { waitMs } = decodeJson(publishedRequest, body);
      this.world.server.needsRoom();
      this.world.judge.publications.published(allocationId, waitMs);
      return this.world.queue.publish(allocationId, body);
    });
  }

  async consume(
    receive: (request: QueuedRequest) => void,
    inHandsMax: number,
  ): Promise<Subscription> {
    const { world, life } = this;
    const subscription = await asked(world, life, () =>
      world.queue.consume((request) => {
        const { publishedAt, delivery } = request;
        world.trace.note(life.name, `is given what was published at ${publishedAt}, ${delivery}`);
        life.after(someLatency(this.lag), () => receive(this.within(request)));
      }, inHandsMax),
    );
    life.onEnd(() => subscription.close());
    return subscription;
  }

  private within(request: QueuedRequest): QueuedRequest {
    const { world, life } = this;
    const say = (what: string, word: () => void) => {
      world.trace.note(life.name, `${what}: ${request.publishedAt}, ${request.delivery}`);
      if (life.touch()) world.network.send(what, word);
    };
    return {
      ...request,
      done: () => asked(world, life, () => request.done()),
      later: (delayMs) => say('a request is given back', () => request.later(delayMs)),
      stillAt: () => say('a request is kept', () => request.stillAt()),
    };
  }
}

/** The store of outcomes as one process has it. */
export class OutcomesPort extends OutcomeStore {
  constructor(
    private readonly world: World,
    private readonly life: Life,
  ) {
    super();
  }

  record(subject: string, body: Uint8Array): Promise<void> {
    const { outcomes, judge, server } = this.world;
    return asked(this.world, this.life, () => {
      server.needsRoom();
      judge.publications.recorded(subject, body);
      return outcomes.record(subject, body);
    });
  }

  last(subject: string): Promise<Uint8Array | undefined> {
    return asked(this.world, this.life, () => this.world.outcomes.last(subject));
  }

  list(...asking: Parameters<OutcomeStore['list']>): Promise<readonly StoredOutcome[]> {
    return asked(this.world, this.life, () => this.world.outcomes.list(...asking));
  }
}
