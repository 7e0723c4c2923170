import { describe, expect, it } from '@jest/globals';
import { credentialsIn } from './credentials.js';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('An Authorization header', () => {
  it.each([
    ['Bearer berth_0123456789ab_se_cr-et', { id: '0123456789ab', secret: 'se_cr-et' }],
    ['bearer  anything', { id: null, secret: 'anything' }],
    ['Bearer berth_short_x', { id: null, secret: 'berth_short_x' }],
    [basic('0123456789ab:se:cret'), { id: '0123456789ab', secret: 'se:cret' }],
    [basic('0123456789ab:'), { id: '0123456789ab', secret: '' }],
  ])('%s has credentials', (header, credentials) => {
    expect(credentialsIn(header)).toEqual(credentials);
  });

  it.each(['', 'Bearer', 'Bearer ', 'Digest x', basic('nocolon'), basic(':x'), 'Bearer a b'])(
    '%j has none',
    (header) => expect(credentialsIn(header)).toBeUndefined(),
  );

  it('that is too long is ignored', () => {
    expect(credentialsIn(`Bearer ${'x'.repeat(2_000)}`)).toBeUndefined();
  });
});
