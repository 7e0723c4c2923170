import { JsonText } from '#json';
import { describe, expect, it } from '@jest/globals';
import { callbackBody } from './body.js';

describe('The body of a callback', () => {
  it.each([
    [{ envelope: 'bare' }, '{"u64":18446744073709551615}', '{"u64":18446744073709551615}'],
    [{ envelope: 'payload' }, '[1.0]', '{"payload":[1.0],"token":"t"}'],
    [{ envelope: 'bare' }, 'null', '{}'],
    [{ envelope: 'payload' }, 'null', '{"payload":{},"token":"t"}'],
    [{ envelope: 'bare', emptyPayload: 'null' }, 'null', 'null'],
    [{ envelope: 'bare' }, '0', '0'],
  ] as const)('in the form %j is made from %s as %s', (form, payload, body) => {
    expect(callbackBody(form, JsonText.read(payload), { token: 't' })).toBe(body);
  });
});
