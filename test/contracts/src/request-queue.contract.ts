import { beforeEach, describe, expect, it } from '@jest/globals';
import { spanned } from '#tracing';
import { context, propagation, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { OutcomeStore, QueuedRequest, RequestQueue } from '#wire';

export interface QueueUnderTest {
  readonly queue: RequestQueue;
  /** A second connection to the same queue, like that of another allocator. */
  readonly other: RequestQueue;
  readonly outcomes: OutcomeStore;
  readonly region: string;
  /** Lets this much time pass (ms). */
  pass(ms: number): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (body: Uint8Array) => new TextDecoder().decode(body);

/** Keeps the requests it receives, and can be waited on. */
class Receiver {
  readonly got: QueuedRequest[] = [];
  private readonly waiting = new Set<() => void>();

  readonly receive = (request: QueuedRequest) => {
    this.got.push(request);
    for (const look of this.waiting) look();
  };

  get texts(): string[] {
    return this.got.map(({ body }) => textOf(body));
  }

  untilCount(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.got.length < count) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }
}

/** What every queue of published requests, and every store of outcomes, must do. */
export function requestQueueContract(name: string, make: () => Promise<QueueUnderTest>): void {
  describe(`A request queue (${name})`, () => {
    let made: QueueUnderTest;
    let queue: RequestQueue;
    let receiver: Receiver;

    beforeEach(async () => {
      made = await make();
      queue = made.queue;
      receiver = new Receiver();
    });

    it('keeps what is published until somebody consumes it, in order', async () => {
      for (const id of ['a', 'b', 'c']) await queue.publish(id, bytes(id));
      const subscription = await queue.consume(receiver.receive, 10);
      await receiver.untilCount(3);
      expect(receiver.texts).toEqual(['a', 'b', 'c']);
      expect(receiver.got.map(({ delivery }) => delivery)).toEqual([1, 1, 1]);
      expect(receiver.got.map(({ dataversion }) => dataversion)).toEqual([1, 1, 1]);
      const [first, , third] = receiver.got;
      expect(third!.publishedAt).toBeGreaterThanOrEqual(first!.publishedAt);
      for (const request of receiver.got) await request.done();
      subscription.close();
    });

    it('keeps the trace that a request was published in, where there is one', async () => {
      await queue.publish('a', bytes('a'));
      new NodeTracerProvider().register();
      const about = { kind: 'client', ids: () => ({}) } as const;
      try {
        await spanned('publish', about, () => queue.publish('b', bytes('b')));
      } finally {
        for (const part of [trace, context, propagation]) part.disable();
      }
      const subscription = await queue.consume(receiver.receive, 10);
      await receiver.untilCount(2);
      const traceparent = expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(receiver.got.map(({ carried }) => carried)).toEqual([undefined, { traceparent }]);
      for (const request of receiver.got) await request.done();
      subscription.close();
    });

    it('stores the same id once', async () => {
      for (const id of ['a', 'a', 'b']) await queue.publish(id, bytes(id));
      const subscription = await queue.consume(receiver.receive, 10);
      await receiver.untilCount(2);
      expect(receiver.texts).toEqual(['a', 'b']);
      for (const request of receiver.got) await request.done();
      subscription.close();
    });

    it('delivers no more at a time than the consumer wants', async () => {
      for (const id of ['a', 'b', 'c']) await queue.publish(id, bytes(id));
      const subscription = await queue.consume(receiver.receive, 1);
      for (const count of [1, 2, 3]) {
        await receiver.untilCount(count);
        expect(receiver.got).toHaveLength(count);
        await receiver.got[count - 1]!.done();
      }
      subscription.close();
    });

    it('delivers again what is given back, and counts the delivery', async () => {
      await queue.publish('a', bytes('a'));
      const subscription = await queue.consume(receiver.receive, 10);
      await receiver.untilCount(1);
      receiver.got[0]!.later(100);
      await made.pass(100);
      await receiver.untilCount(2);
      expect(receiver.got.map(({ delivery }) => delivery)).toEqual([1, 2]);
      expect(receiver.got[1]!.publishedAt).toBe(receiver.got[0]!.publishedAt);
      await receiver.got[1]!.done();
      subscription.close();
    });

    it('gives each request to one consumer', async () => {
      const subscriptions = [
        await queue.consume(receiver.receive, 5),
        await made.other.consume(receiver.receive, 5),
      ];
      for (const id of ['a', 'b', 'c', 'd']) await queue.publish(id, bytes(id));
      await receiver.untilCount(4);
      for (const request of receiver.got) await request.done();
      expect(receiver.texts.sort()).toEqual(['a', 'b', 'c', 'd']);
      for (const subscription of subscriptions) subscription.close();
    });
  });

  describe(`An outcome store (${name})`, () => {
    it('returns the last outcome on each subject', async () => {
      const { outcomes, region } = await make();
      const subject = `result.${region}.YQ`;
      expect(await outcomes.last(subject)).toBeUndefined();
      for (const word of ['first', 'last']) await outcomes.record(subject, bytes(word));
      await outcomes.record(`refusal.${region}.YQ`, bytes('other'));
      expect(textOf((await outcomes.last(subject))!)).toBe('last');
    });

    it('lists recorded outcomes in pages, the earliest first', async () => {
      const { outcomes, region } = await make();
      const filter = `refusal.${region}.*`;
      expect(await outcomes.list(filter, { at: 0 }, 10)).toEqual([]);
      for (const id of ['a', 'b', 'c']) {
        await outcomes.record(`refusal.${region}.${id}`, bytes(id));
        await outcomes.record(`result.${region}.${id}`, bytes(`no ${id}`));
      }
      const first = await outcomes.list(filter, { at: 0 }, 2);
      expect(first.map(({ body }) => textOf(body))).toEqual(['a', 'b']);
      const rest = await outcomes.list(filter, { after: first[1]!.sequence }, 2);
      expect(rest.map(({ body }) => textOf(body))).toEqual(['c']);
      expect(await outcomes.list(filter, { after: rest[0]!.sequence }, 2)).toEqual([]);
    });
  });
}
