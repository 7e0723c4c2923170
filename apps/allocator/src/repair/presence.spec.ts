import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BusMessage, Cancel } from '#kernel';
import { MemoryBus } from '#memory';
import { START, WrongClock } from '#testing';
import { endpoints, BEAT_MS, encodeJson } from '#wire';
import type { Allocator } from '../allocator.js';
import { ABSENT_AFTER_MS, LOST_AFTER_MS } from './presence.js';
import { aRequest, TestRegion } from '../../test/support/region.js';

const HALF_MS = 500;
const SPREAD_MS = 2_500;

describe('an agent', () => {
  let place: TestRegion;
  let bus: MemoryBus;
  let quiet: Cancel;

  beforeEach(async () => {
    place = new TestRegion();
    bus = new MemoryBus(place.clock);
    quiet = () => undefined;
    await place.startAllocator({ bus });
    await place.startAllocator({ bus });
    beats();
    await place.own('1', '2');
    await place.pass(1_000);
  });
  afterEach(() => {
    quiet();
    place.close();
  });

  function beats(incarnation = START): void {
    const beat = () =>
      bus.publish(
        endpoints.beat.subject.of({ region: 'eu', agent: 'm' }),
        encodeJson({ incarnation }),
      );
    beat();
    quiet = place.clock.every(BEAT_MS, beat);
  }

  const ask = (allocator: Allocator | undefined, id: string) =>
    place.kept(allocator!.claims.allocate(aRequest(id)));
  const lost = async () => (await place.events()).filter(({ type }) => type === 'AgentLost').length;

  test('that sends heartbeats is never declared lost', async () => {
    await place.pass(60_000);
    expect(await lost()).toBe(0);
    expect(await ask(place.allocators[0], 'match-1')).toMatchObject({ status: 'allocated' });
  });

  test('that falls silent is not offered, and is offered again with its next heartbeat', async () => {
    quiet();
    await place.pass(ABSENT_AFTER_MS + HALF_MS);
    for (const allocator of place.allocators) {
      expect(await ask(allocator, 'match-1')).toMatchObject({ code: 'agents-lost' });
    }
    expect(await lost()).toBe(0);
    beats();
    await place.pass(50);
    expect(await ask(place.allocators[1], 'match-2')).toMatchObject({ status: 'allocated' });
  });

  test('that stays silent is declared lost, which is recorded once for each slot', async () => {
    await ask(place.allocators[0], 'match-1');
    quiet();
    await place.pass(LOST_AFTER_MS - HALF_MS);
    expect(await lost()).toBe(0);
    await place.pass(SPREAD_MS);
    expect(await lost()).toBe(2);
    await place.pass(2 * LOST_AFTER_MS);
    expect(await lost()).toBe(2);
  });

  test('that was declared lost keeps its session, and is offered again once it reports', async () => {
    const answer = await ask(place.allocators[0], 'match-1');
    const slot = 'slot' in answer ? (answer.slot.split('.')[2] ?? '') : '';
    const free = slot === '1' ? '2' : '1';
    quiet();
    await place.pass(LOST_AFTER_MS + SPREAD_MS);
    expect(await ask(place.allocators[1], 'match-1')).toEqual(answer);
    beats();
    await place.report(free, 0, {});
    await place.pass(50);
    expect(await ask(place.allocators[1], 'match-2')).toMatchObject({ slot: `eu.m.${free}` });
  });

  test('counts as alive only if its heartbeat is not older than the start that the log knows', async () => {
    quiet();
    beats(START - 1);
    await place.pass(LOST_AFTER_MS + SPREAD_MS);
    expect(await lost()).toBe(2);
  });

  test('is not affected by an unreadable heartbeat, which is set aside', async () => {
    bus.publish(
      endpoints.beat.subject.of({ region: 'eu', agent: 'm' }),
      new TextEncoder().encode('boom'),
    );
    await place.pass(50);
    expect(await ask(place.allocators[0], 'match-1')).toMatchObject({ status: 'allocated' });
  });
});

/** A bus that can be cut off for one process, and reconnected. */
class CutBus extends MemoryBus {
  isCut = false;

  override subscribe(subject: string, receive: (message: BusMessage) => void) {
    return super.subscribe(subject, (message) => {
      if (!this.isCut) receive(message);
    });
  }
}

describe('an allocator', () => {
  test('that has just begun to listen declares nobody lost for a full silence period', async () => {
    const place = new TestRegion();
    await place.startAllocator();
    await place.own('1');
    await place.pass(60_000);
    const bus = new MemoryBus(place.clock);
    await place.startAllocator({ bus });
    const types = async () => (await place.events('1')).map(({ type }) => type);
    await place.pass(LOST_AFTER_MS - HALF_MS);
    expect(await types()).not.toContain('AgentLost');
    await place.pass(SPREAD_MS);
    expect(await types()).toContain('AgentLost');
    place.close();
  });

  test('that has listened for long gives a newly registered agent the full period', async () => {
    const place = new TestRegion();
    const bus = new MemoryBus(place.clock);
    await place.startAllocator({ bus });
    // The agent is heard once, long before it has any slot.
    const subject = endpoints.beat.subject.of({ region: 'eu', agent: 'm' });
    bus.publish(subject, encodeJson({ incarnation: START }));
    await place.pass(60_000);
    await place.own('1');
    const types = async () => (await place.events('1')).map(({ type }) => type);
    await place.pass(LOST_AFTER_MS - HALF_MS);
    expect(await types()).not.toContain('AgentLost');
    await place.pass(SPREAD_MS + HALF_MS);
    expect(await types()).toContain('AgentLost');
    place.close();
  });

  test('that was suspended listens for a full period again before it declares anybody lost', async () => {
    const place = new TestRegion();
    const clock = new WrongClock(place.clock);
    const bus = new CutBus(place.clock);
    await place.startAllocator({ bus, clock });
    await place.own('1');
    const subject = endpoints.beat.subject.of({ region: 'eu', agent: 'm' });
    const quiet = place.clock.every(BEAT_MS, () =>
      bus.publish(subject, encodeJson({ incarnation: START })),
    );
    await place.pass(10_000);
    bus.isCut = true;
    await place.pass(LOST_AFTER_MS - 1_000);
    // Like after a SIGSTOP: the clock went on, but nothing was heard or done in the meantime.
    clock.aheadMs = 60_000;
    await place.pass(LOST_AFTER_MS - 1_000);
    bus.isCut = false;
    await place.pass(LOST_AFTER_MS);
    expect((await place.events('1')).map(({ type }) => type)).not.toContain('AgentLost');
    quiet();
    place.close();
  });
});
