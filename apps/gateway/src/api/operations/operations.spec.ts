import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

const drain = { direction: 'drain', reason: 'an upgrade', by: 'me' };
const answers = (...slots: readonly object[]) =>
  gateway.answer('operate', () => ({ status: 'directed', slots }));

describe('POST /v1/slots/{id}/directions', () => {
  const PATH = '/v1/slots/local.a.1/directions';

  it.each([
    ['done', 200],
    ['pending', 202],
  ])('passes the direction on, and is %s with %d', async (outcome, expected) => {
    const asked = answers({ slot: 'local.a.1', outcome });
    const { status, body } = await gateway.post(PATH, drain);
    expect({ status, body }).toEqual({ status: expected, body: { slot: 'local.a.1', outcome } });
    expect(asked).toEqual([{ region: 'local', agent: 'a', slot: '1', ...drain, force: false }]);
  });

  it('answers 409 with the reason if the slot cannot follow it', async () => {
    answers({ slot: 'local.a.1', outcome: 'refused', code: 'not-now', message: 'a session runs' });
    const { status, body } = await gateway.post(PATH, { ...drain, direction: 'retire' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'not-now', detail: 'a session runs' });
  });

  it('answers 404 for an unknown slot', async () => {
    gateway.answer('operate', () => ({ status: 'refused', code: 'unknown-slot', message: 'none' }));
    expect((await gateway.post(PATH, drain)).body).toMatchObject({
      status: 404,
      code: 'unknown-slot',
    });
    expect((await gateway.post('/v1/slots/a.1/directions', drain)).status).toBe(404);
  });

  it.each([{ direction: 'explode' }, { direction: 'drain', force: true }, {}])(
    'answers 400 to %j',
    async (body) => expect((await gateway.post(PATH, body)).status).toBe(400),
  );

  it('answers 503 if no allocator is running', async () => {
    const { status, body } = await gateway.post(PATH, drain);
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'no-allocator' });
  });
});

describe('POST /v1/agents/{id}/directions', () => {
  it('returns the outcome for each slot', async () => {
    const slots = [
      { slot: 'local.a.1', outcome: 'done' },
      { slot: 'local.a.2', outcome: 'refused', code: 'not-now', message: 'no' },
    ];
    const asked = answers(...slots);
    const { status, body } = await gateway.post('/v1/agents/local.a/directions', drain);
    expect({ status, body }).toEqual({ status: 200, body: { agent: 'local.a', slots } });
    expect(asked).toEqual([{ region: 'local', agent: 'a', ...drain, force: false }]);
  });

  it('answers 404 for an invalid agent id', async () => {
    expect((await gateway.post('/v1/agents/local.a.1/directions', drain)).status).toBe(404);
  });
});
