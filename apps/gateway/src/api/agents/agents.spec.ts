import { anEvent, past } from '#testing';
import { encodeJson } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

describe('GET /v1/agents', () => {
  it('counts the slots of each agent, with directions that wait and slots that are lost', async () => {
    await gateway.record('local.a.1', past.warm);
    await gateway.record('local.a.2', [...past.live, anEvent('DrainRequested')]);
    await gateway.record('local.a.3', [...past.live, anEvent('AgentLost')]);
    const { status, body } = await gateway.get('/v1/agents');
    expect(status).toBe(200);
    expect(body).toEqual({
      agents: [
        {
          id: 'local.a',
          region: 'local',
          agent: 'a',
          slots: 3,
          statuses: { available: 1, allocated: 2 },
          pending: { drain: 1, maintenance: 0 },
          lost: 1,
          ...{ heardAt: null, hasStopped: false, startedAt: null, version: null },
          ...{ loginLeftMs: null, disk: null, notReadyBecause: null },
        },
      ],
    });
  });

  it('lists them in pages, whatever their names begin with', async () => {
    for (const name of ['local.a.1', 'local.a-b.1', 'local.a0.1', 'local.a.2']) {
      await gateway.record(name, past.cold);
    }
    const ids: string[] = [];
    for (let after = ''; ;) {
      const { body } = await gateway.get(`/v1/agents?limit=1${after}`);
      ids.push(...body.agents.map(({ id }: { id: string }) => id));
      if (body.next === undefined) break;
      after = `&after=${body.next}`;
    }
    expect(ids).toEqual(['local.a-b', 'local.a', 'local.a0']);
    expect((await gateway.get('/v1/agents?region=local')).body.agents).toHaveLength(3);
  });

  it('refuses a page that starts after an invalid agent id', async () => {
    expect((await gateway.get('/v1/agents?after=a')).status).toBe(400);
  });
});

describe('GET /v1/agents/{id}', () => {
  it('shows what the last beat said, of the latest start of the agent', async () => {
    await gateway.record('local.a.1', past.warm);
    const beat = (message: object) => gateway.bus.publish('beat.local.a', encodeJson(message));
    const disk = { freeBytes: 5, totalBytes: 9 };
    beat({ incarnation: 7, version: '0.3.0', disk, notReadyBecause: 'no slot is registered' });
    beat({ incarnation: 6 });
    expect((await gateway.get('/v1/agents/local.a')).body).toMatchObject({
      ...{ heardAt: expect.any(Number), hasStopped: false, startedAt: 7, version: '0.3.0', disk },
      notReadyBecause: 'no slot is registered',
    });
    beat({ incarnation: 7, stops: true });
    expect((await gateway.get('/v1/agents/local.a')).body.hasStopped).toBe(true);
  });

  it('counts the slots of one agent', async () => {
    await gateway.record('local.a.1', past.warm);
    await gateway.record('local.b.1', past.warm);
    const { status, body } = await gateway.get('/v1/agents/local.b');
    expect({ status, body }).toMatchObject({ status: 200, body: { id: 'local.b', slots: 1 } });
  });

  it.each(['local.nobody', 'local.', 'a', 'local.a.1'])('answers 404 for %s', async (id) => {
    await gateway.record('local.a.1', past.warm);
    const { status, body } = await gateway.get(`/v1/agents/${id}`);
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown-agent' });
  });
});
