import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TransientError } from '#kernel';
import { decodeJson, endpoints, refusalRecord } from '#wire';
import { aRequest, TestRegion } from '../../test/support/region.js';
import type { Allocator } from '../allocator.js';

describe('A request that no slot can be given to', () => {
  let region: TestRegion;
  let allocator: Allocator;

  beforeEach(async () => {
    region = new TestRegion();
    allocator = await region.startAllocator();
  });
  afterEach(() => region.close());

  const asked = (id: string, change: object = {}) =>
    region.kept(allocator.claims.allocate(aRequest(id, change)));
  const direct = (direction: 'drain' | 'begin-maintenance' | 'retire', slot: string) =>
    region.kept(
      allocator.operations.direct({
        ...{ region: 'eu', agent: 'm', slot, direction },
        ...{ reason: 'test', by: 'test', force: false },
      }),
    );

  test('is told that its fleet is unknown, where nothing in the log has the name', async () => {
    await region.own('1');
    const answer = await asked('match-1', { fleet: 'harbor', waitMs: 60_000 });
    expect(answer).toMatchObject({
      code: 'unknown-fleet',
      message: expect.stringMatching(/harbor/),
    });
    expect(await asked('match-2', { fleets: ['harbor', 'arbour'] })).toMatchObject({
      code: 'unknown-fleet',
    });
    expect(await asked('match-3', { fleets: ['harbor', 'harbour'] })).toMatchObject({
      status: 'allocated',
    });
  });

  test('may ask again where no agent has registered yet, or the fleet has a size only', async () => {
    expect(await asked('match-1', { fleet: 'harbour' })).toMatchObject({ code: 'none-available' });
    await region.own('1');
    const size = { minAvailable: 0, buffer: 0, max: 5 };
    await region.kept(
      allocator.fleets.size({ region: 'eu', fleet: 'peaks', size, reason: '', by: 'test' }),
    );
    expect(await asked('match-2', { fleet: 'peaks' })).toMatchObject({
      code: 'none-available',
      message: expect.stringMatching(/no slot that fits is registered/),
    });
  });

  test('may ask again where the fleet had slots once', async () => {
    await region.own('1', '2');
    for (const slot of ['1', '2']) await direct('retire', slot);
    expect(await asked('match-1', { fleet: 'harbour' })).toMatchObject({ code: 'none-available' });
  });

  test('is told which condition no slot meets', async () => {
    await region.own('1');
    const attributes = { map: 'dcoks' };
    expect(await asked('match-1', { attributes })).toMatchObject({
      code: 'nothing-fits',
      message: expect.stringMatching(/no slot meets map=dcoks/),
      grounds: { excludedBy: ['map=dcoks'] },
    });
  });

  test('waits for a slot that fits if it may, for machines may come that have what it asks', async () => {
    await region.own('1');
    const since = region.clock.now();
    const attributes = { map: 'peaks' };
    expect(await asked('match-1', { attributes, waitMs: 2_000 })).toMatchObject({
      code: 'nothing-fits',
    });
    expect(region.clock.now() - since).toBeGreaterThanOrEqual(2_000);
  });

  test('is told that all are taken', async () => {
    await region.own('1');
    await asked('match-1');
    expect(await asked('match-2')).toMatchObject({
      code: 'none-available',
      message: 'no server is available in region eu: of those that fit 1 taken',
      grounds: { passedOver: { taken: 1 } },
    });
  });

  test('is told that the agents are not heard', async () => {
    await region.own('1', '2');
    await asked('match-1');
    region.agent.close();
    allocator.pool.agents.cordon('m');
    expect(await asked('match-2')).toMatchObject({
      code: 'agents-lost',
      grounds: { passedOver: { lost: 2 } },
    });
  });

  test('is told that the slots are out of service', async () => {
    await region.own('1', '2');
    await direct('drain', '1');
    await direct('begin-maintenance', '2');
    expect(await asked('match-1')).toMatchObject({
      code: 'out-of-service',
      grounds: { passedOver: { drained: 1, maintenance: 1 } },
    });
    expect(await asked('match-2', { slot: 'eu.m.1' })).toMatchObject({
      code: 'out-of-service',
      grounds: { passedOver: { drained: 1 } },
    });
  });

  test('keeps what was tried where its callback fails', async () => {
    region.answers = { '1': 'refused', '2': null };
    await region.own('1', '2');
    const answer = await asked('match-1', { timeoutMs: 60_000 });
    if (answer.status !== 'refused') throw new Error('it was served');
    const { tried = [] } = answer.grounds ?? {};
    expect(tried.map(({ attempt }) => attempt)).toEqual(tried.map((_, index) => index + 1));
    const ends = new Set(tried.map(({ slot, by }) => `${slot} ${by}`));
    expect(ends).toContain('eu.m.1 CallbackRefused');
    expect(ends).toContain('eu.m.2 CallbackTimedOut');
  });

  test('keeps the slot whose answer it did not live to see', async () => {
    region.answers = { '1': null };
    await region.own('1');
    const answer = await asked('match-1', { timeoutMs: 100 });
    expect(answer).toMatchObject({
      code: 'timed-out',
      grounds: { tried: [{ attempt: 1, slot: 'eu.m.1', by: 'pending' }] },
    });
  });

  test('is told that it may have a server, where the answer to its claim was lost', async () => {
    await region.own('1');
    const append = region.log.append.bind(region.log);
    region.log.append = async (appending) => {
      await append(appending);
      return { kind: 'unknown', cause: new TransientError('the answer was lost') };
    };
    region.log.last = region.log.at = () => Promise.reject(new TransientError('no answer'));
    expect(await asked('match-1', { timeoutMs: 1_000 })).toMatchObject({
      code: 'timed-out',
      message: expect.stringContaining('the log has not said whether eu.m.1 was claimed'),
    });
    expect(await region.claims()).toEqual(['match-1']);
  });

  test('is recorded with code and grounds', async () => {
    await region.own('1');
    await asked('match-1', { attributes: { map: 'dcoks' }, by: 'lobby' });
    await asked('match-2', { fleet: 'harbor' });
    const filter = endpoints.refusal.subject.filter({ region: 'eu' });
    const kept = await region.outcomes.list(filter, { after: 0 }, 10);
    expect(kept.map(({ body }) => decodeJson(refusalRecord, body))).toMatchObject([
      { allocationId: 'match-1', code: 'nothing-fits', grounds: { excludedBy: ['map=dcoks'] } },
      { allocationId: 'match-2', code: 'unknown-fleet', fleet: 'harbor' },
    ]);
  });
});
