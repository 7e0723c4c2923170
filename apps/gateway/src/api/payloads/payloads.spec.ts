import { JsonText } from '#json';
import { past } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';
import { TestTokens, bearer } from '../../../test/support/tokens.js';

let gateway: TestGateway;
let tokens: TestTokens;
let matchmaker: string;
let auditor: string;

beforeEach(async () => {
  tokens = await TestTokens.create();
  matchmaker = await tokens.add(['audit', 'allocate']);
  auditor = await tokens.add(['audit']);
  gateway = await TestGateway.start({ BERTH_TOKENS: tokens.path });
  await gateway.record(
    'local.a.1',
    past.live.map((event) => {
      if (event.type === 'AllocationRequested') {
        return { ...event, payload: text('request'), payloadKey: 7 };
      }
      return event.type === 'CallbackAcked' ? { ...event, answer: text('answer') } : event;
    }),
  );
});
afterEach(async () => {
  await gateway.close();
  await tokens.remove();
});

const base64 = (clear: string) => Buffer.from(clear).toString('base64');
const text = (clear: string) => JsonText.of(base64(clear));

const decrypting = (texts: readonly object[]) =>
  gateway.answer('decrypt', () => ({ status: 'decrypted', texts }));
const story = async (token: string): Promise<unknown> =>
  (await gateway.get('/v1/audit/allocations/match-1', { headers: bearer(token) })).body;

describe('The payloads of a session whose log is encrypted', () => {
  const clear = [{ payload: { map: 'docks' } }, { payload: { ready: true } }];

  it('are decrypted by an allocator for who may ask for sessions', async () => {
    const asked = decrypting(clear);
    const expected = { requestPayload: { map: 'docks' }, payload: { ready: true } };
    expect(await story(matchmaker)).toMatchObject(expected);
    const options = { headers: bearer(matchmaker) };
    expect((await gateway.get('/v1/allocations/match-1', options)).body).toMatchObject(expected);
    const texts = ['request', 'answer'].map((one) => ({ payloadKey: 7, text: base64(one) }));
    const question = { slot: 'local.a.1', texts };
    expect(asked).toEqual([question, question]);
  });

  it('are not shown to others, who are told that they were forgotten', async () => {
    const forgotten = { by: 'ann', reason: 'asked to', at: 5 };
    decrypting([{ forgotten }, { forgotten }]);
    const redacted = { requestPayload: '[redacted]', payload: '[redacted]' };
    expect(await story(auditor)).toMatchObject({ ...redacted, forgotten });
    const gone = { requestPayload: '[forgotten]', payload: '[forgotten]' };
    expect(await story(matchmaker)).toMatchObject({ ...gone, forgotten });
  });

  it('are missing in the story while no allocator decrypts them; the rest is told', async () => {
    const rest = { status: 'allocated', attempts: [{ slot: 'local.a.1' }] };
    const encrypted = { requestPayload: '[encrypted]', payload: '[encrypted]' };
    expect(await story(matchmaker)).toMatchObject({ ...rest, ...encrypted });
    gateway.answer('decrypt', () => ({ status: 'refused', code: 'not-ready', message: 'no' }));
    expect(await story(matchmaker)).toMatchObject({ ...rest, ...encrypted });
    const redacted = { requestPayload: '[redacted]', payload: '[redacted]' };
    expect(await story(auditor)).toMatchObject({ ...rest, ...redacted });
  });
});
