import { ManualClock, MemoryEventLog } from '#memory';
import { anEvent, past, START } from '#testing';
import { slotRecordCodec } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { recordOn, TestGateway, type Answer } from '../../../test/support/gateway.js';

interface Shown {
  readonly id: string;
  readonly status: string;
}

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

const ask = async (path: string): Promise<Answer['body']> =>
  (await gateway.get(`/v1/audit/${path}`)).body;

const drain = anEvent('DrainRequested', { at: START + 10, by: 'ops', reason: 'an upgrade' });
const idOf = ({ id }: Shown) => id;

describe('GET /v1/audit/at', () => {
  beforeEach(async () => {
    await gateway.record('local.a.1', past.live);
    await gateway.record('local.a.2', [...past.cold, drain]);
    await gateway.record('local.b.1', past.cold);
  });

  it('shows each slot as it was, who had it, and no secrets', async () => {
    const before = await ask(`at?region=local&at=${START + 9}`);
    expect(before.slots.map(({ id, status }: Shown) => [id, status])).toEqual([
      ['local.a.1', 'allocated'],
      ['local.a.2', 'available'],
      ['local.b.1', 'available'],
    ]);
    expect(before.slots[0].allocation).toMatchObject({
      ...{ allocationId: 'match-1', requestedBy: 'matchmaker' },
    });
    expect(JSON.stringify(before)).not.toMatch(/secret|docks/);
    const after = await ask(`at?region=local&at=${START + 10}`);
    expect(after.slots[1].status).toBe('drained');
    expect((await ask(`at?region=local&at=${START - 1}`)).slots).toEqual([]);
  });

  it('shows them in pages, by id', async () => {
    const page = `at?region=local&at=${START + 10}&limit=2`;
    const { slots, next } = await ask(page);
    expect([slots.map(idOf), next]).toEqual([['local.a.1', 'local.a.2'], 'local.a.2']);
    const last = await ask(`${page}&after=${next}`);
    expect([last.slots.map(idOf), last.next]).toEqual([['local.b.1'], undefined]);
  });

  it.each([
    ['&status=drained', ['local.a.2']],
    ['&fleet=harbour&status=allocated', ['local.a.1']],
    ['&fleet=nowhere', []],
  ])('limits the slots by %s', async (filter, ids) => {
    const { slots } = await ask(`at?region=local&at=${START + 10}${filter}`);
    expect(slots.map(idOf)).toEqual(ids);
  });

  it('names slots of whose events of then nothing is kept', async () => {
    await gateway.log.forget('slot.local.b.1', 99);
    await gateway.record('local.c.1', past.cold);
    const { sequence = 0 } = (await gateway.log.last('slot.local.a.2')) ?? {};
    await gateway.log.forget('slot.local.a.2', sequence - 1);
    const { slots, unknown } = await ask(`at?region=local&at=${START + 9}`);
    expect([slots.map(idOf), unknown]).toEqual([['local.a.1', 'local.c.1'], ['local.a.2']]);
  });
});

describe('GET /v1/audit/diff', () => {
  beforeEach(async () => {
    for (const name of ['local.a.1', 'local.a.2', 'local.b.1']) {
      await gateway.record(name, name === 'local.b.1' ? past.cold : [...past.cold, drain]);
    }
  });

  it('shows what differs, in pages, and counts over all of them', async () => {
    const page = `diff?region=local&from=${START}&to=${START + 10}&limit=1`;
    const { changed, next, ...counted } = await ask(page);
    expect(counted).toMatchObject({ slots: 3, changedSlots: 2, changedBack: 0, claims: 0 });
    expect(changed).toMatchObject([
      {
        ...{ id: 'local.a.1', differs: ['status'] },
        ...{ before: { status: 'available' }, after: { status: 'drained' } },
      },
    ]);
    const last = await ask(`${page}&after=${next}`);
    expect([last.changed.map(idOf), last.next]).toEqual([['local.a.2'], undefined]);
  });

  it('is of one fleet', async () => {
    const { slots } = await ask(`diff?region=local&from=${START}&to=${START + 10}&fleet=nowhere`);
    expect(slots).toBe(0);
  });
});

describe('Questions to the past', () => {
  it.each([
    ['at?region=local', 400, 'invalid'],
    ['at?region=local&at=yesterday', 400, 'invalid'],
    ['at?region=local&at=1&status=retired', 400, 'invalid'],
    ['at?region=mars&at=1', 404, 'unknown-region'],
    ['diff?region=local&from=2&to=1', 400, 'invalid'],
    ['diff?region=mars&from=1&to=2', 404, 'unknown-region'],
  ])('%s is answered with %i %s', async (path, status, code) => {
    expect(await gateway.get(`/v1/audit/${path}`)).toMatchObject({ status, body: { code } });
  });

  it('are asked of log and archive together', async () => {
    const archive = new MemoryEventLog(slotRecordCodec, { clock: new ManualClock() });
    await recordOn(archive, 'local.a.1', past.live);
    const both = await TestGateway.start(
      {},
      { openPast: () => Promise.resolve([gateway.log.stored(), archive.stored()]) },
    );
    const { body } = await both.get(`/v1/audit/at?region=local&at=${START}`);
    expect(body.slots.map(idOf)).toEqual(['local.a.1']);
    await both.close();
  });

  it('are refused while the region has no log', async () => {
    const none = await TestGateway.start({}, { openPast: () => Promise.resolve([]) });
    const answer = await none.get('/v1/audit/at?region=local&at=1');
    expect(answer).toMatchObject({ status: 503, body: { code: 'not-ready' } });
    await none.close();
  });
});
