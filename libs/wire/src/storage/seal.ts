import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { checksumOrigin } from './checksum-origin.js';

const PLACEHOLDER = ',"crc32":"00000000"}';
/** Position of the checksum's first digit, counted from the end. */
const DIGITS_FROM = 10;
const DIGITS = 8;
const [QUOTE, BRACE] = [...'"}'].map((sign) => sign.charCodeAt(0));
/** In bytes, and in characters. */
export const SEAL_LENGTH = PLACEHOLDER.length;

const NO_DIGIT = 255;
/** Of each byte that is a hexadecimal digit as it is written here: a small letter, or a number. */
const DIGIT_VALUES = new Uint8Array(256).fill(NO_DIGIT);
for (const [value, sign] of [...'0123456789abcdef'].entries()) {
  DIGIT_VALUES[sign.charCodeAt(0)] = value;
}

/**
 * Recognises documents that were written with the same schemas, in less than a microsecond: the
 * last member of a document is a checksum of everything before it, continued from a checksum of the
 * schemas. A document that was changed after it was written, or was written with other schemas,
 * does not fit. Protects against mistakes, not against attackers, who could compute the checksum:
 * only allocators may write to the log.
 */
export class Seal {
  private readonly schemas: readonly z.ZodType[];
  private start: number | undefined;

  constructor(...schemas: readonly z.ZodType[]) {
    this.schemas = schemas;
  }

  /** @param document a JSON object with at least one member, as it was printed */
  close(document: string): Uint8Array {
    // Node takes small buffers from a pool: much cheaper than an array of its own for each.
    const body = Buffer.from(document.slice(0, -1) + PLACEHOLDER);
    const digits = hex(crc32(sealedPart(body), this.own));
    for (let index = 0; index < DIGITS; index += 1) {
      body[body.length - DIGITS_FROM + index] = digits.charCodeAt(index);
    }
    return body;
  }

  fits(body: Uint8Array): boolean {
    const checksum = checksumOf(body);
    return checksum !== undefined && checksum === crc32(sealedPart(body), this.own);
  }

  /**
   * What the schemas that sealed the document count from: the same for each document of one version,
   * and another one for a document that was changed since. Undefined where it has no seal.
   */
  originOf(body: Uint8Array): number | undefined {
    const checksum = checksumOf(body);
    return checksum === undefined ? undefined : checksumOrigin(sealedPart(body), checksum);
  }

  private get own(): number {
    this.start ??= this.schemas.reduce((sum, schema) => crc32(shapeOf(schema), sum), 0);
    return this.start;
  }
}

function sealedPart(body: Uint8Array): Uint8Array {
  return body.subarray(0, body.length - DIGITS_FROM);
}

/** The checksum that a document ends with; undefined where there is none. */
function checksumOf(body: Uint8Array): number | undefined {
  const from = body.length - PLACEHOLDER.length;
  if (from < 1 || body[from] !== PLACEHOLDER.charCodeAt(0)) return undefined;
  // Behind the digits, which are counted, stands what the checksum does not count.
  if (body[body.length - 2] !== QUOTE || body[body.length - 1] !== BRACE) return undefined;
  let checksum = 0;
  for (let at = body.length - DIGITS_FROM; at < body.length - DIGITS_FROM + DIGITS; at += 1) {
    const digit = DIGIT_VALUES[body[at] ?? 0] ?? NO_DIGIT;
    if (digit === NO_DIGIT) return undefined;
    checksum = checksum * 16 + digit;
  }
  return checksum;
}

/** The shape of the schema's output as JSON Schema; refinements show in it by name at most. */
function shapeOf(schema: z.ZodType): string {
  return JSON.stringify(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }));
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(DIGITS, '0');
}
