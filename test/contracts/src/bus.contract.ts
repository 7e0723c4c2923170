import { spanned } from '#tracing';
import { context, propagation, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { DeadlinePassed, NobodyListens, type Bus, type BusMessage } from '#kernel';

export interface BusUnderTest {
  readonly bus: Bus;
  /** Resolves when all subscriptions so far are active, and everything sent so far has arrived. */
  settled(): Promise<void>;
  /** Lets this much time pass (ms). */
  pass(ms: number): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (body: Uint8Array) => new TextDecoder().decode(body);

/** What every implementation of the bus must do. */
export function busContract(name: string, makeBus: () => Promise<BusUnderTest>): void {
  describe(`A bus (${name})`, () => {
    let made: BusUnderTest;
    let bus: Bus;
    let got: string[];
    const note = ({ subject, body }: BusMessage) => void got.push(`${subject}: ${textOf(body)}`);

    beforeEach(async () => {
      made = await makeBus();
      bus = made.bus;
      got = [];
    });

    it('delivers a message to every subscriber whose filter matches, in order', async () => {
      const subscriptions = ['a.b', 'a.*', 'a.>', '>'].map((filter) => bus.subscribe(filter, note));
      subscriptions.push(bus.subscribe('b.*', () => got.push('not for me')));
      await made.settled();
      bus.publish('a.b', bytes('1'));
      bus.publish('a.b', bytes('2'));
      await made.settled();
      expect(got.filter((line) => line === 'a.b: 1')).toHaveLength(4);
      expect(got.filter((line) => line === 'a.b: 2')).toHaveLength(4);
      expect(got).toHaveLength(8);
      for (const subscription of subscriptions) subscription.close();
    });

    it('delivers a message to one member of a queue, and to every subscriber without a queue', async () => {
      const subscriptions = [
        bus.subscribe('a', note, { queue: 'q' }),
        bus.subscribe('a', note, { queue: 'q' }),
        bus.subscribe('a', note, { queue: 'other' }),
        bus.subscribe('a', note),
      ];
      await made.settled();
      bus.publish('a', bytes('1'));
      await made.settled();
      expect(got).toHaveLength(3);
      for (const subscription of subscriptions) subscription.close();
    });

    it('delivers nothing to a closed subscription', async () => {
      bus.subscribe('a', note).close();
      await made.settled();
      bus.publish('a', bytes('1'));
      await made.settled();
      expect(got).toEqual([]);
    });

    it('delivers the answer to a request', async () => {
      const server = bus.subscribe('ask.*', (message) =>
        message.respond(bytes(`${message.subject} ${textOf(message.body)}!`)),
      );
      await made.settled();
      expect(textOf(await bus.request('ask.me', bytes('now'), 1_000))).toBe('ask.me now!');
      server.close();
    });

    it('ignores an answer without a request', async () => {
      const server = bus.subscribe('ask', (message) => {
        note(message);
        message.respond(bytes('ignored'));
      });
      await made.settled();
      bus.publish('ask', bytes('1'));
      await made.settled();
      expect(got).toEqual(['ask: 1']);
      server.close();
    });

    it('carries the trace of its sender, where there is one', async () => {
      const carried: unknown[] = [];
      const server = bus.subscribe('ask', (message) => {
        carried.push(message.carried);
        message.respond(bytes(''));
      });
      await made.settled();
      const send = async () => {
        bus.publish('ask', bytes(''));
        await bus.request('ask', bytes(''), 1_000);
      };
      new NodeTracerProvider().register();
      try {
        await send();
        await spanned('a', { kind: 'client', ids: () => ({}) }, send);
      } finally {
        for (const part of [trace, context, propagation]) part.disable();
      }
      const traced = { traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) };
      expect(carried).toEqual([undefined, undefined, traced, traced]);
      server.close();
    });

    it('says which format a request has, if its sender does', async () => {
      const said: unknown[] = [];
      const server = bus.subscribe('ask', (message) => {
        said.push(message.dataversion);
        message.respond(bytes(''));
      });
      await made.settled();
      await bus.request('ask', bytes(''), 1_000);
      await bus.request('ask', bytes(''), 1_000, 7);
      expect(said).toEqual([undefined, 7]);
      server.close();
    });

    it('fails at once if nobody listens', async () => {
      await expect(bus.request('ask', bytes(''), 60_000)).rejects.toThrow(NobodyListens);
    });

    it('fails at the deadline if there is no answer', async () => {
      const server = bus.subscribe('ask', () => undefined);
      await made.settled();
      const refused = expect(bus.request('ask', bytes(''), 50)).rejects.toThrow(DeadlinePassed);
      await made.pass(50);
      await refused;
      server.close();
    });
  });
}
