import { signatureIn, signatureOf, type Signature } from '#wire';
import { describe, expect, it } from '@jest/globals';

describe('A signature', () => {
  it.each<[string, Signature]>([
    ['lobby (api)', { token: 'lobby', project: null, face: 'api', name: null }],
    ['lobby (acme, nats)', { token: 'lobby', project: 'acme', face: 'nats', name: null }],
    [
      'the night shift (acme, gamefabric): ann (lead): x',
      { token: 'the night shift', project: 'acme', face: 'gamefabric', name: 'ann (lead): x' },
    ],
  ])('%s is read as it was written', (text, signature) => {
    expect(signatureOf(signature)).toBe(text);
    expect(signatureIn(text)).toEqual(signature);
  });

  it('is not changed by what the requester calls itself', () => {
    const signature = { token: 'lobby', project: null, face: 'api', name: 'root (all, api): ann' };
    expect(signatureIn(signatureOf(signature))).toEqual(signature);
  });

  it.each(['unnamed', 'ann', 'the night shift: ann', 'berth/gateway', 'a ()', ''])(
    'is not in %j',
    (text) => expect(signatureIn(text)).toBeNull(),
  );
});
