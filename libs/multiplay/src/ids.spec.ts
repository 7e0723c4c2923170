import { describe, expect, it } from '@jest/globals';
import { formerId, guidOf, isGuid, NUMERIC_ID_MAX, numberOf, numericId } from './ids.js';

describe('A GUID', () => {
  it('is derived from a name and its kind, and never changes', () => {
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

  it('is the name itself if that is a GUID', () => {
    const id = '1A04A1AC-0000-4000-8000-0123456789ab';
    expect(guidOf('fleet', id)).toBe(id.toLowerCase());
    expect(isGuid(id)).toBe(true);
    expect(isGuid('default')).toBe(false);
  });
});

describe('A numeric id', () => {
  it('fits a signed integer of 32 bits, and never changes', () => {
    for (let i = 0; i < 1_000; i += 1) {
      const id = Number(numericId(`local.machine-1.${i}`));
      expect(id).toBeGreaterThanOrEqual(0);
      expect(id | 0).toBe(id);
    }
    expect(numericId('local.machine-1.1')).toMatchInlineSnapshot(`"125362535"`);
  });

  it('of a build is its name if that is such a number', () => {
    expect(numberOf('55120885')).toBe('55120885');
    expect(numberOf(String(NUMERIC_ID_MAX))).toBe('2147483647');
    expect(numberOf(String(NUMERIC_ID_MAX + 1))).toBe(numericId('2147483648'));
    expect(numberOf('007')).toBe(numericId('007'));
  });

  it('had 48 bits before', () => {
    expect(formerId('local.machine-1.1')).toMatchInlineSnapshot(`"16431518207802"`);
    expect(Number.isSafeInteger(Number(formerId('a')))).toBe(true);
  });
});
