import { auditIndexExamples } from '../../openapi/examples/audit-index.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';

const PATH = '/v1/audit/allocations?region=local';
const { allocations } = auditIndexExamples['auditIndex_list']?.answers?.[200] as {
  readonly allocations: readonly object[];
};
const index = auditIndexExamples['auditIndex_rebuild']?.answers?.[202];

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

describe('GET /v1/audit/allocations', () => {
  it('asks an auditor for what is wanted, and gives the place of the next page', async () => {
    const next = { requestedAt: 1_000, sequence: 8 };
    const asked = gateway.answer('indexedClaims', () => {
      return { status: 'claims', claims: allocations, next, lagEvents: 3 };
    });
    const filters = 'requestedBy=lobby&endedBy=Crashed&since=500&limit=1';
    const { status, body } = await gateway.get(`${PATH}&${filters}`);
    expect(status).toBe(200);
    expect(body).toEqual({ allocations, next: '1000.8', lagEvents: 3 });
    await gateway.get(`${PATH}&attempts=all&after=${body.next}`);
    const wanted = { requestedBy: 'lobby', endedBy: 'Crashed', since: 500, limit: 1 };
    expect(asked).toEqual([
      { ...wanted, everyAttempt: false },
      { after: next, everyAttempt: true, limit: 100 },
    ]);
  });

  it.each([
    ['/v1/audit/allocations', 400, 'invalid'],
    [`${PATH}&after=8`, 400, 'invalid'],
    [`${PATH}&since=yesterday`, 400, 'invalid'],
    [`${PATH}&owner=lobby`, 400, 'invalid'],
    ['/v1/audit/allocations?region=mars', 404, 'unknown-region'],
    [PATH, 503, 'not-ready'],
  ])('%s is answered with %i %s', async (path, status, code) => {
    expect(await gateway.get(path)).toMatchObject({ status, body: { code } });
  });

  it('says that the index is being built', async () => {
    const message = 'the index of region local is being built';
    gateway.answer('indexedClaims', () => ({ status: 'refused', code: 'not-ready', message }));
    expect(await gateway.get(PATH)).toMatchObject({ status: 503, body: { detail: message } });
  });
});

describe('The index', () => {
  it('is shown, and built anew', async () => {
    gateway.answer('indexState', () => ({ status: 'index', index }));
    const rebuilds = gateway.answer('rebuildIndex', () => ({ status: 'index', index }));
    expect((await gateway.get('/v1/audit/index')).body).toEqual({ indexes: [index] });
    const { status, body } = await gateway.post('/v1/audit/index/local/rebuild', {});
    expect([status, body]).toEqual([202, index]);
    expect(rebuilds).toHaveLength(1);
    expect((await gateway.post('/v1/audit/index/mars/rebuild', {})).status).toBe(404);
  });
});
