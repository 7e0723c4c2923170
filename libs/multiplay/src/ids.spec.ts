import { describe, expect, it } from '@jest/globals';
import { guidOf, isGuid, numericId } from './ids.js';

describe('A GUID', () => {
  it('is made of the name and of what it names, and never changes', () => {
    expect(guidOf('region', 'eu')).toBe(guidOf('region', 'eu'));
    expect(guidOf('fleet', 'eu')).not.toBe(guidOf('region', 'eu'));
    expect(guidOf('region', 'eu')).toMatchInlineSnapshot(`"d546daae-13ea-8e21-9b1f-9b080187de8b"`);
  });

  it('has version 8 and its variant', () => {
    for (const name of ['eu', 'us', 'default', 'x'.repeat(64)]) {
      expect(guidOf('fleet', name)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });

  it('is the name itself where that is one', () => {
    const id = '1A04A1AC-0000-4000-8000-0123456789ab';
    expect(guidOf('fleet', id)).toBe(id.toLowerCase());
    expect(isGuid(id)).toBe(true);
    expect(isGuid('default')).toBe(false);
  });
});

describe('A numeric id', () => {
  it('is exact as a number of JSON', () => {
    const id = numericId('local.machine-1.1');
    expect(Number.isSafeInteger(Number(id))).toBe(true);
    expect(numericId('local.machine-1.2')).not.toBe(id);
  });
});
