import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Seal } from './seal.js';

const port = z.object({ port: z.int(), name: z.string().default('game') });
const written = new Seal(port).close('{"port":7777}');

describe('A seal', () => {
  it('is the last member of the document', () => {
    const document = new TextDecoder().decode(written);
    expect(document).toMatch(/^\{"port":7777,"crc32":"[0-9a-f]{8}"\}$/);
  });

  it('fits what was written by the same schemas', () => {
    expect(new Seal(port).fits(written)).toBe(true);
  });

  it.each([
    ['another default', new Seal(port.extend({ name: z.string().default('query') }))],
    ['a field more', new Seal(port.extend({ ip: z.string().default('') }))],
    ['another schema beside it', new Seal(port, z.string())],
  ])('fits nothing that was written before there was %s', (_, other) => {
    expect(other.fits(written)).toBe(false);
  });

  it.each(['', '}', '{"port":7777}', '{"port":7777,"crc32":"00000000"}', ',"crc32":"00000000"}'])(
    'fits not: %s',
    (text) => {
      expect(new Seal(port).fits(new TextEncoder().encode(text))).toBe(false);
    },
  );
});
