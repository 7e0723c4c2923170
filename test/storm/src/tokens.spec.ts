import { JsonText } from '#json';
import { ManualClock, MemoryBus } from '#memory';
import { decodeJson, encodeJson, endpoints } from '#wire';
import { describe, expect, it } from '@jest/globals';
import type { Grant } from './inspector.js';
import { REGION } from './play.js';
import { withClearTokens } from './tokens.js';

const grant: Grant = {
  ...{ slot: `${REGION}.one.a`, sequence: 2, attempt: 1, phase: 'live', token: 'c2VhbGVk' },
  ...{ ackedAt: 3, endedAt: Infinity },
};

describe('Tokens of the log', () => {
  it('are compared as allocators decrypt them, and as they are where they are in clear', async () => {
    const bus = new MemoryBus(new ManualClock());
    const asked: unknown[] = [];
    bus.subscribe(endpoints.decrypt.subject.of({ region: REGION }), ({ body, respond }) => {
      asked.push(decodeJson(endpoints.decrypt.request, body));
      respond(encodeJson({ status: 'decrypted', texts: [{ payload: JsonText.of('secret') }] }));
    });
    const failed: Grant = { ...grant, phase: 'failed', token: null };
    const encrypted: Grant = { ...grant, attempt: 2, tokenKey: 7 };
    const grants = new Map([
      ['old', [grant]],
      ['new', [failed, encrypted]],
    ]);
    expect(await withClearTokens(bus, grants)).toEqual(
      new Map([
        ['old', [grant]],
        ['new', [failed, { ...grant, attempt: 2, token: 'secret' }]],
      ]),
    );
    expect(asked).toEqual([{ slot: grant.slot, texts: [{ payloadKey: 7, text: 'c2VhbGVk' }] }]);
  });
});
