import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CannotStore, TransientError, type Append, type StoreFault, type Verdict } from '#kernel';
import { MemoryEventLog, MemoryOutcomeStore } from '#memory';
import { createLogger } from '#service-runtime';
import { encodeJson, slotRecordCodec, type SlotRecord } from '#wire';
import type { Allocator } from '../allocator.js';
import { aRequest, TestRegion } from '../../test/support/region.js';

const fault = (kind: StoreFault) => new CannotStore(kind, 'stream SLOTS_eu is full', 'free space');

/** A server whose storage can be full. */
class Server {
  full: CannotStore | undefined;
  onlyOutcomes = false;
  /** Awaited by what is written to the stream of outcomes. */
  outcomesAnswer: () => Promise<void> = () => Promise.resolve();
  appends = 0;
  reconnected: () => void = () => undefined;
}

class FullLog extends MemoryEventLog<SlotRecord> {
  constructor(
    private readonly server: Server,
    ...rest: ConstructorParameters<typeof MemoryEventLog<SlotRecord>>
  ) {
    super(...rest);
  }

  override async append(append: Append<SlotRecord>): Promise<Verdict> {
    this.server.appends += 1;
    if (this.server.full !== undefined && !this.server.onlyOutcomes) throw this.server.full;
    return super.append(append);
  }
}

class FullOutcomes extends MemoryOutcomeStore {
  constructor(private readonly server: Server) {
    super();
  }

  override async record(subject: string, body: Uint8Array): Promise<void> {
    await this.server.outcomesAnswer();
    if (this.server.full !== undefined) throw this.server.full;
    return super.record(subject, body);
  }
}

describe('An allocator whose log stores nothing', () => {
  let place: TestRegion;
  let server: Server;
  let allocator: Allocator;
  let lines: string[];

  beforeEach(async () => {
    place = new TestRegion();
    server = new Server();
    lines = [];
    const write = (_: object, text: string) => void lines.push(text);
    const logger = Object.assign(createLogger('test', 'silent'), {
      ...{ info: write, warn: write, error: write },
    });
    const log = new FullLog(server, slotRecordCodec, { clock: place.clock });
    const outcomes = new FullOutcomes(server);
    const onReconnect = (listener: () => void) => {
      server.reconnected = listener;
      return () => undefined;
    };
    // The region's agent reads the same log.
    Object.assign(place, { log });
    Object.assign(place.agent, { log });
    allocator = await place.startAllocator({ log, outcomes, logger, onReconnect });
    await place.own('1', '2');
    await place.pass(50);
  });
  afterEach(() => place.close());

  const ask = (id: string, change = {}) =>
    place.kept(allocator.claims.allocate(aRequest(id, change)));

  test('says so to operators with the remedy, and to requesters without', async () => {
    server.full = fault('no-room');
    expect(await ask('match-1')).toMatchObject({
      ...{ status: 'refused', code: 'not-ready', message: 'stream SLOTS_eu is full' },
    });
    expect(allocator.unservedBecause()).toBe('stream SLOTS_eu is full. Remedy: free space');
  });

  test('tells a requester who asks again what it was granted before', async () => {
    const granted = await ask('match-1');
    server.full = fault('no-room');
    await ask('match-2');
    expect(await ask('match-1')).toEqual(granted);
    expect(granted).toMatchObject({ status: 'allocated' });
  });

  test('logs it once, however many requests it refuses, and appends no more', async () => {
    server.full = fault('no-room');
    await ask('match-1');
    const { appends } = server;
    for (let number = 2; number <= 35; number += 1) await ask(`match-${number}`);
    expect(server.appends).toBe(appends);
    await place.pass(60_000);
    expect(lines.filter((line) => line === 'the log stores nothing')).toHaveLength(1);
    expect(lines).toEqual([...new Set(lines)]);
  });

  test('logs once that refusals and results are not recorded, however many there are', async () => {
    const { requests } = place;
    for (const id of ['match-1', 'match-2']) await ask(id);
    server.full = fault('write-failed');
    for (let number = 3; number <= 35; number += 1) await ask(`match-${number}`);
    await requests.publish('later', encodeJson({ allocationId: 'later', waitMs: 0 }));
    await place.pass(60_000);
    expect(lines).toContain('refusals are not recorded');
    expect(lines).toContain('published requests cannot be answered');
    expect(lines).toEqual([...new Set(lines)]);
    server.full = undefined;
    await place.pass(15_000);
    await ask('match-36', { fleet: 'unknown' });
    await place.pass(50);
    expect(lines).toContain('refusals are recorded again');
  });

  test('serves again, those who waited first, as soon as there is room', async () => {
    server.full = fault('write-failed');
    await ask('match-1');
    const waiting = ask('match-2', { waitMs: 60_000 });
    await place.pass(3_000);
    server.full = undefined;
    await place.pass(1_500);
    expect(await waiting).toMatchObject({ status: 'allocated' });
    expect(allocator.unservedBecause()).toBeNull();
    expect(lines.filter((line) => line === 'the log stores again')).toHaveLength(1);
  });

  test('is not ready within seconds while nobody asks, and ready again once there is room', async () => {
    const { appends } = server;
    server.full = fault('no-room');
    await place.pass(7_000);
    expect(server.appends).toBe(appends);
    expect(allocator.unservedBecause()).toBe('stream SLOTS_eu is full. Remedy: free space');
    server.full = undefined;
    await place.pass(1_500);
    expect(allocator.unservedBecause()).toBeNull();
    expect(lines).toEqual(['serving', 'the log would store nothing', 'the log would store again']);
  });

  test('lets the next append decide if only a try of its own has failed', async () => {
    server.onlyOutcomes = true;
    server.full = fault('no-room');
    await place.pass(7_000);
    expect(await ask('match-1')).toMatchObject({ status: 'allocated' });
    expect(allocator.unservedBecause()).toBeNull();
  });

  test('does not take a stream that is stuck for healed until it has reconnected', async () => {
    server.full = fault('unanswered');
    await ask('match-1');
    server.full = undefined;
    await place.pass(3_000);
    expect(await ask('match-1')).toMatchObject({ code: 'not-ready' });
    server.reconnected();
    expect(await ask('match-1')).toMatchObject({ status: 'allocated' });
  });

  test.each(['no-room', 'write-failed', 'disabled', 'unanswered'] as const)(
    'is not ready (%s) though a try of its own has no answer',
    async (kind) => {
      server.outcomesAnswer = async () => {
        await place.clock.sleep(5_000);
        throw new TransientError('no answer in 5000 ms');
      };
      await place.pass(7_000);
      server.full = fault(kind);
      await ask('match-1');
      for (let second = 0; second < 20; second += 1) {
        expect(allocator.unservedBecause()).toContain('is full');
        await place.pass(1_000);
      }
    },
  );

  test('refuses to end a session with the reason, and ends it later', async () => {
    await ask('match-1');
    server.full = fault('no-room');
    const request = { allocationId: 'match-1', region: 'eu', reason: 'over', by: 'test' };
    const release = () => place.kept(allocator.deallocations.deallocate(request));
    expect(await release()).toMatchObject({ code: 'not-ready', message: fault('no-room').message });
    server.full = undefined;
    await place.pass(1_500);
    expect(await release()).toMatchObject({ status: 'deallocated' });
  });
});
