import { granted } from '#testing';
import type { RefusalCode } from '#wire';
import { describe, expect, it } from '@jest/globals';
import {
  SILENCE,
  client,
  clientForEach,
  clock,
  grant,
  ids,
  onAllocate,
  refuse,
} from '../test/played-allocator.js';
import { AllocationUncertain, AllocatorAbsent, Refused } from './index.js';

clientForEach();

describe('a request for a server', () => {
  it('resolves with the grant', async () => {
    onAllocate(grant);
    const allocation = await client.allocate({ region: 'local', allocationId: 'match-1' });
    const { status: _, ...rest } = granted;
    expect(allocation).toEqual({
      ...rest,
      allocationId: 'match-1',
      payloadText: '{"ready":true}',
    });
  });

  it('names its only fleet in the way that allocators of version 0.2 know', async () => {
    const asked = onAllocate(grant);
    await client.allocate({ region: 'local', fleets: ['harbour'] });
    await client.allocate({ region: 'local', fleets: ['harbour', 'marina'] });
    expect(asked[0]).toMatchObject({ fleet: 'harbour' });
    expect(asked[0]).not.toHaveProperty('fleets');
    expect(asked[1]).toMatchObject({ fleets: ['harbour', 'marina'] });
  });

  it('carries its fields, and defaults for the others', async () => {
    const asked = onAllocate(grant);
    await client.allocate({
      region: 'local',
      attributes: { map: 'docks' },
      payload: { mode: 'ctf' },
      fleet: 'harbour',
      idleTtlMs: 60_000,
      timeoutMs: 2_000,
    });
    expect(asked).toEqual([
      {
        allocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        region: 'local',
        attributes: { map: 'docks' },
        payload: { mode: 'ctf' },
        fleet: 'harbour',
        idleTtlMs: 60_000,
        restart: false,
        waitMs: 0,
        timeoutMs: 2_000,
      },
    ]);
  });

  it.each<RefusalCode>(['not-ready', 'timed-out'])(
    'is repeated with the same id after %s',
    async (code) => {
      const asked = onAllocate(refuse(code), refuse(code), grant);
      const { allocationId } = await client.allocate({ region: 'local' });
      expect(asked).toHaveLength(3);
      expect(ids(asked)).toEqual(new Set([allocationId]));
    },
  );

  it('is repeated with the same id if there was no answer', async () => {
    const asked = onAllocate(() => SILENCE, grant);
    const { allocationId } = await client.allocate({ region: 'local' });
    expect(asked).toHaveLength(2);
    expect(ids(asked)).toEqual(new Set([allocationId]));
  });

  it('is repeated until an allocator is there', async () => {
    const waiting = client.allocate({ region: 'local', allocationId: 'match-1' });
    setImmediate(() => onAllocate(grant));
    expect((await waiting).allocationId).toBe('match-1');
  });

  it.each<RefusalCode>(['invalid', 'none-available', 'callback-failed', 'ended'])(
    'fails at once if it is refused with %s',
    async (code) => {
      const asked = onAllocate(refuse(code));
      const refusal = client.allocate({ region: 'local', allocationId: 'match-1' });
      await expect(refusal).rejects.toThrow(Refused);
      await expect(refusal).rejects.toMatchObject({ code, allocationId: 'match-1' });
      expect(asked).toHaveLength(1);
    },
  );

  it('fails without being sent if it is invalid', async () => {
    const asked = onAllocate(grant);
    const refusal = client.allocate({ region: 'a.b' });
    await expect(refusal).rejects.toMatchObject({ name: 'Refused', code: 'invalid' });
    expect(asked).toHaveLength(0);
  });

  it('stays uncertain, with its id, if there is no verdict in time', async () => {
    onAllocate(refuse('timed-out'));
    const uncertain = client.allocate({ region: 'local', allocationId: 'match-1' });
    await expect(uncertain).rejects.toThrow(AllocationUncertain);
    await expect(uncertain).rejects.toMatchObject({ allocationId: 'match-1' });
  });

  it('stays uncertain if an attempt was unanswered, whatever the last answer says', async () => {
    onAllocate(refuse('timed-out'), refuse('not-ready'));
    await expect(client.allocate({ region: 'local' })).rejects.toThrow(AllocationUncertain);
  });

  it('stays uncertain if its answer cannot be read', async () => {
    onAllocate(() => ({ status: 'granted' }));
    await expect(client.allocate({ region: 'local' })).rejects.toThrow(AllocationUncertain);
  });

  it('is refused with the last reason when its time is over', async () => {
    onAllocate(refuse('not-ready'));
    const refusal = client.allocate({ region: 'local', timeoutMs: 500 });
    await expect(refusal).rejects.toMatchObject({ name: 'Refused', code: 'not-ready' });
    expect(clock.now()).toBeLessThanOrEqual(500);
  });

  it('says so if nobody listened during the whole time', async () => {
    const absent = client.allocate({ region: 'mars' });
    await expect(absent).rejects.toThrow(AllocatorAbsent);
    await expect(absent).rejects.toThrow('no allocator is running for region mars');
  });

  it('waits, and is repeated with the rest of its wait', async () => {
    const asked = onAllocate(() => SILENCE, grant);
    const options = { region: 'local', allocationId: 'match-1', waitMs: 120_000 };
    expect(await client.allocate(options)).toMatchObject({ allocationId: 'match-1' });
    expect(asked.map(({ timeoutMs }) => timeoutMs)).toEqual([15_000, 15_000]);
    expect(asked[0]?.waitMs).toBe(120_000);
    expect(asked[1]?.waitMs).toBeLessThan(115_000);
    expect(asked[1]?.waitMs).toBeGreaterThan(110_000);
  });

  it('fails at once if too many requests wait', async () => {
    const asked = onAllocate(refuse('shed'));
    const refusal = client.allocate({ region: 'local', waitMs: 1_000 });
    await expect(refusal).rejects.toMatchObject({ name: 'Refused', code: 'shed' });
    expect(asked).toHaveLength(1);
  });
});
