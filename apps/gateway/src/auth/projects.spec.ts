import { past } from '#testing';
import type { SlotEvent } from '#slot';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestDoor } from '../../test/support/door.js';
import { bearer } from '../../test/support/tokens.js';

let door: TestDoor;
let acme: Record<string, string>;
let nobody: Record<string, string>;
let everywhere: Record<string, string>;
beforeEach(async () => {
  door = await TestDoor.create();
  const scopes = ['allocate', 'register', 'observe', 'operate'] as const;
  acme = bearer(await door.tokens.add(scopes, { project: 'acme' }));
  nobody = bearer(await door.tokens.add(['allocate', 'register']));
  everywhere = bearer(await door.tokens.add(['allocate', 'observe', 'operate', 'audit']));
  await door.start();
});
afterEach(() => door.close());

const AFTER_CLEARING = new Set(['AllocationRequested', 'CallbackAcked']);

/** A session that runs, under this full id. */
const live = (allocationId: string): readonly SlotEvent[] =>
  past.live.map((event) =>
    event.type === 'AllocationRequested' ? { ...event, allocationId } : event,
  );

const get = (path: string, headers: Record<string, string>) => door.gateway.get(path, { headers });
const release = (path: string, headers: Record<string, string>) =>
  door.gateway.get(path, { method: 'DELETE', headers });

describe('An id of a project', () => {
  it('reaches allocators with its project, and its requester without', async () => {
    const asked = door.gateway.answer('allocate', () => ({}));
    const body = { region: 'local', allocationId: 'match-1' };
    const answers = [
      await door.gateway.post('/v1/allocations', body, acme),
      await door.gateway.post('/v1/allocations', body, nobody),
      await door.gateway.post('/v1/allocations', body, everywhere),
    ];
    expect(asked.map(({ allocationId }) => allocationId)).toEqual([
      ...['acme match-1', 'match-1', 'match-1'],
    ]);
    for (const { status, body: granted } of answers) {
      expect({ status, id: granted.allocationId }).toEqual({ status: 201, id: 'match-1' });
    }
  });

  it('is made up for a request that has none, in its project too', async () => {
    const asked = door.gateway.answer('allocate', () => ({}));
    const { body } = await door.gateway.post('/v1/allocations', { region: 'local' }, acme);
    expect(asked[0]?.['allocationId']).toBe(`acme ${body.allocationId}`);
  });

  it.each(['acme match-1', 'beta match-1'])('cannot be given as %j', async (allocationId) => {
    const asked = door.gateway.answer('allocate', () => ({}));
    const body = { region: 'local', allocationId };
    for (const headers of [acme, nobody, everywhere]) {
      expect((await door.gateway.post('/v1/allocations', body, headers)).status).toBe(400);
    }
    const path = `/v1/allocations/${encodeURIComponent(allocationId)}`;
    for (const headers of [acme, nobody]) {
      expect((await get(path, headers)).status).toBe(400);
      expect((await release(`${path}?region=local`, headers)).status).toBe(400);
    }
    expect(asked).toEqual([]);
  });
});

describe('Sessions', () => {
  beforeEach(async () => {
    await door.gateway.record('local.a.1', live('match-1'));
    await door.gateway.record('local.a.2', live('acme match-1'));
    await door.gateway.record('local.a.3', live('beta match-1'));
    await door.gateway.record('local.a.4', live('beta match-2'));
  });

  const listed = async (headers: Record<string, string>) => {
    const { body } = await get('/v1/allocations', headers);
    return (body.allocations as { allocationId: string; slot: string }[]).map(
      ({ allocationId, slot }) => [allocationId, slot],
    );
  };

  it('are listed to tokens of their project, by their own ids', async () => {
    expect(await listed(acme)).toEqual([['match-1', 'local.a.2']]);
    expect(await listed(nobody)).toEqual([['match-1', 'local.a.1']]);
  });

  it('are all listed to who observes the installation, by their full ids', async () => {
    expect((await listed(everywhere)).map(([id]) => id)).toEqual([
      ...['match-1', 'acme match-1', 'beta match-1', 'beta match-2'],
    ]);
    const { body } = await get('/v1/allocations/beta%20match-2', everywhere);
    expect(body).toMatchObject({ allocationId: 'beta match-2', slot: 'local.a.4' });
  });

  it('of one id are each shown to their own project', async () => {
    expect((await get('/v1/allocations/match-1', acme)).body).toMatchObject({
      ...{ allocationId: 'match-1', slot: 'local.a.2' },
    });
    expect((await get('/v1/allocations/match-1', nobody)).body.slot).toBe('local.a.1');
    expect((await get('/v1/allocations/match-2', acme)).status).toBe(404);
  });

  it('show payloads to their own project only', async () => {
    const shown = async (path: string, headers: Record<string, string>) =>
      (await get(path, headers)).body.payload as unknown;
    expect(await shown('/v1/allocations/match-1', acme)).not.toBe('[redacted]');
    expect(await shown('/v1/allocations/match-1', everywhere)).not.toBe('[redacted]');
    expect(await shown('/v1/allocations/acme%20match-1', everywhere)).toBe('[redacted]');
    const history = JSON.stringify((await get('/v1/slots/local.a.2/events', everywhere)).body);
    expect(history).toContain('"payload":"[redacted]"');
    expect(history).toContain('"answer":"[redacted]"');
  });

  it('that ended before another project’s began show nothing of that', async () => {
    const again = live('beta match-3').filter(({ type }) => AFTER_CLEARING.has(type));
    const first = past.cleared.map((event) =>
      event.type === 'AllocationRequested' ? { ...event, allocationId: 'acme match-9' } : event,
    );
    await door.gateway.record('local.a.5', [...first, ...again]);
    const { body } = await get('/v1/allocations/match-9', acme);
    expect(body).toMatchObject({ allocationId: 'match-9', status: 'ended' });
    expect(JSON.stringify(body)).not.toContain('match-3');
    expect(await listed(acme)).toEqual([['match-1', 'local.a.2']]);
  });

  it('are ended by the full id that the token stands for', async () => {
    const asked = door.gateway.answer('deallocate', ({ allocationId }) => ({
      ...{ status: 'deallocated', allocationId, slot: 'local.a.2' },
    }));
    expect((await release('/v1/allocations/match-1', acme)).body.allocationId).toBe('match-1');
    await release('/v1/allocations/beta%20match-2', everywhere);
    expect(asked.map(({ allocationId }) => allocationId)).toEqual(['acme match-1', 'beta match-2']);
  });
});

describe('A registration', () => {
  it('is of the project of its token', async () => {
    const asked = [
      door.gateway.answer('register', () => ({ status: 'refused', code: 'invalid', message: '' })),
      ...(['keepAlive', 'deregister'] as const).map((kind) =>
        door.gateway.answer(kind, () => ({
          ...{ status: 'refused', code: 'unknown-server', message: 'none' },
        })),
      ),
    ];
    const address = '192.0.2.1:7777';
    for (const headers of [acme, nobody]) {
      const body = { address, priority: 0, region: 'local', project: 'beta' };
      await door.gateway.post('/servers', body, headers);
      await door.gateway.post(`/servers/${address}/keepalive`, {}, headers);
      await release(`/servers/${address}`, headers);
    }
    for (const requests of asked) {
      expect(requests.map(({ project }) => project)).toEqual(['acme', undefined]);
    }
  });
});
