import { NotPermitted } from '#kernel';
import { anEvent, past, START } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway, type Answer } from '../../../test/support/gateway.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

const list = async (query: string): Promise<Answer['body']> =>
  (await gateway.get(`/v1/audit/actions?region=local${query}`)).body;

const drain = anEvent('DrainRequested', { at: START + 10, by: 'ops: berth', reason: 'an upgrade' });
const retire = anEvent('SlotRetired', { at: START + 20, by: 'ops: berth' });

describe('GET /v1/audit/actions', () => {
  beforeEach(async () => {
    await gateway.record('local.a.1', past.cleared);
    await gateway.record('local.a.2', [...past.cold, drain, retire]);
  });

  it('lists who asked for what, on which slot, and why', async () => {
    const { actions, next, readTo } = await list('');
    expect(actions).toEqual([
      {
        ...{ sequence: 5, slot: 'local.a.1', at: START, event: 'DeallocationRequested' },
        ...{ by: 'matchmaker', reason: 'the match is over', allocationId: 'match-1' },
      },
      {
        ...{ sequence: 8, slot: 'local.a.2', at: START + 10, event: 'DrainRequested' },
        ...{ by: 'ops: berth', reason: 'an upgrade' },
      },
      {
        ...{ sequence: 9, slot: 'local.a.2', at: START + 20, event: 'SlotRetired' },
        ...{ by: 'ops: berth', reason: 'the machine is given back' },
      },
    ]);
    expect([next, readTo]).toEqual([undefined, START + 20]);
  });

  it.each([
    ['&by=ops', [8, 9]],
    ['&by=ops: berth', [8, 9]],
    ['&by=op', []],
    ['&requests=all', [3, 5, 8, 9]],
    ['&by=matchmaker&requests=all', [3, 5]],
    [`&until=${START + 10}`, [5]],
    ['&after=5', [8, 9]],
  ])('limits the list by %s', async (query, sequences) => {
    const { actions } = await list(query);
    expect(actions.map(({ sequence }: { sequence: number }) => sequence)).toEqual(sequences);
  });

  it.each([
    ['&project=acme', 2],
    ['&face=gamefabric', 1],
    ['&by=ops&project=acme&face=api', 1],
    ['&project=other', 0],
  ])('limits the list by parts of who asked: %s', async (query, count) => {
    const by = ['ops (acme, api): ann', 'ops (acme, gamefabric)', 'ops (api)'];
    for (const [index, who] of by.entries()) {
      await gateway.record(`local.b.${index}`, [...past.cold, { ...drain, by: who }]);
    }
    expect((await list(query)).actions).toHaveLength(count);
  });

  it('asks an auditor, and reads what its index does not have yet', async () => {
    const known = { slot: 'local.a.9', at: START, event: 'DrainRequested', by: 'ops' };
    const asked = gateway.answer('indexedActions', () => ({
      ...{ status: 'actions', actions: [{ ...known, sequence: 2 }], isWhole: true, readTo: 5 },
    }));
    const { actions, next } = await list('&by=ops');
    expect(actions.map(({ sequence }: { sequence: number }) => sequence)).toEqual([2, 8, 9]);
    expect(next).toBeUndefined();
    expect(asked).toEqual([{ by: 'ops', requests: false, after: 0, limit: 100 }]);
    // A page that it fills is all that is asked for.
    expect(await list('&by=ops&limit=1')).toMatchObject({
      ...{ actions: [{ sequence: 2 }], next: `2.${START}` },
    });
  });

  it('does not read the history where the index has more', async () => {
    const known = { slot: 'local.a.9', at: START, event: 'DrainRequested', by: 'ops' };
    gateway.answer('indexedActions', () => ({
      ...{ status: 'actions', actions: [{ ...known, sequence: 2 }], isWhole: false, readTo: 5 },
    }));
    expect(await list('')).toEqual({
      actions: [{ ...known, sequence: 2 }],
      changes: [],
      next: `2.${START}`,
      readTo: START,
    });
  });

  it('reads the history where the permissions on NATS do not let it ask an auditor', async () => {
    gateway.bus.request = (subject) => Promise.reject(new NotPermitted('not allowed', subject));
    const { actions } = await list('&by=ops');
    expect(actions.map(({ sequence }: { sequence: number }) => sequence)).toEqual([8, 9]);
  });

  it.each(['lobby (api)', 'lobby (acme, gamefabric): queue 7', 'lobby: queue 7'])(
    'finds a token in what is recorded of who asked: %s',
    async (by) => {
      await gateway.record('local.a.3', [...past.cold, { ...drain, by }]);
      const { actions } = await list('&by=lobby');
      expect(actions).toMatchObject([{ slot: 'local.a.3', by }]);
    },
  );

  it('returns it in pages', async () => {
    const first = await list('&limit=2');
    expect(first).toMatchObject({
      actions: [{ sequence: 5 }, { sequence: 8 }],
      next: `8.${START + 10}`,
    });
    expect(await list(`&limit=2&after=${first.next}`)).toMatchObject({
      actions: [{ sequence: 9 }],
    });
  });

  it.each(['', '&region=mars', '&after=x', '&requests=some'])(
    'refuses an invalid question: %s',
    async (query) => {
      const path = query === '' ? '/v1/audit/actions' : `/v1/audit/actions?region=local${query}`;
      expect((await gateway.get(path)).status).toBeGreaterThanOrEqual(400);
    },
  );
});
