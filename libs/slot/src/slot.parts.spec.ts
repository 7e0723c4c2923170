import { anOffer } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { offer } from './slot.parts.js';

describe('What a slot offers', () => {
  it.each([{}, { addresses: { ipv6: '2001:db8::77', internal: '10.0.0.7' } }])(
    'is read back unchanged, with %j',
    (changes) => {
      const written = JSON.stringify(anOffer(changes));
      expect(JSON.stringify(offer.parse(JSON.parse(written)))).toBe(written);
    },
  );
});
