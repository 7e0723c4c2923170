import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Seal } from './seal.js';

const port = z.object({ port: z.int(), name: z.string().default('game') });
const written = new Seal(port).close('{"port":7777}');

describe('A seal', () => {
  it('fits nothing of which one byte was changed', () => {
    for (const [at, byte] of written.entries()) {
      expect(new Seal(port).fits(written.with(at, byte ^ 1))).toBe(false);
    }
  });

  it('is the last field of the document', () => {
    const document = new TextDecoder().decode(written);
    expect(document).toMatch(/^\{"port":7777,"crc32":"[0-9a-f]{8}"\}$/);
  });

  it('is valid for a document of the same schemas', () => {
    expect(new Seal(port).fits(written)).toBe(true);
  });

  it.each([
    ['another default', new Seal(port.extend({ name: z.string().default('query') }))],
    ['an additional field', new Seal(port.extend({ ip: z.string().default('') }))],
    ['another schema beside it', new Seal(port, z.string())],
  ])('is not valid for a document from before there was %s', (_, other) => {
    expect(other.fits(written)).toBe(false);
  });

  it.each(['', '}', '{"port":7777}', '{"port":7777,"crc32":"00000000"}', ',"crc32":"00000000"}'])(
    'is not valid for: %s',
    (text) => {
      expect(new Seal(port).fits(new TextEncoder().encode(text))).toBe(false);
    },
  );

  it('tells documents of one version by what it was counted from, and changed ones from all', () => {
    const seal = new Seal(port);
    const other = new Seal(port.extend({ ip: z.string() }));
    const documents = ['{"port":7777}', '{"port":7778}'].map((text) => other.close(text));
    const [origin, same] = documents.map((body) => seal.originOf(body));
    expect(origin).toBe(same);
    expect(origin).not.toBe(seal.originOf(written));
    const [document = written] = documents;
    for (let at = 0; at < document.length - 2; at += 1) {
      const changed = document.with(at, (document[at] ?? 0) ^ 1);
      expect(seal.originOf(changed)).not.toBe(origin);
    }
    expect(seal.originOf(new TextEncoder().encode('{"port":7777}'))).toBeUndefined();
  });
});
