import { crc32 } from 'node:zlib';
import { z } from 'zod';

const PLACEHOLDER = ',"crc32":"00000000"}';
/** Where the checksum's digits stand, from the end. */
const DIGITS_FROM = 10;
const DIGITS = 8;
const encoder = new TextEncoder();

/**
 * Tells documents of this very format from all others, for less than a microsecond: their last member
 * is a checksum of all before it, counted on from a checksum of the schemas. A document that was
 * changed after it was written, or written by other schemas, does not fit. Guards against mistakes,
 * not against those who can compute a checksum: only allocators may write to the log.
 */
export class Seal {
  private readonly schemas: readonly z.ZodType[];
  private start: number | undefined;

  constructor(...schemas: readonly z.ZodType[]) {
    this.schemas = schemas;
  }

  /** @param document a JSON object with at least one member, as it was printed */
  close(document: string): Uint8Array {
    const body = encoder.encode(document.slice(0, -1) + PLACEHOLDER);
    const digits = hex(this.checksum(body));
    for (let index = 0; index < DIGITS; index += 1) {
      body[body.length - DIGITS_FROM + index] = digits.charCodeAt(index);
    }
    return body;
  }

  fits(body: Uint8Array): boolean {
    const from = body.length - PLACEHOLDER.length;
    if (from < 1 || body[from] !== PLACEHOLDER.charCodeAt(0)) return false;
    const digits = String.fromCharCode(...body.subarray(-DIGITS_FROM, -DIGITS_FROM + DIGITS));
    return digits === hex(this.checksum(body));
  }

  private checksum(body: Uint8Array): number {
    this.start ??= this.schemas.reduce((sum, schema) => crc32(shapeOf(schema), sum), 0);
    return crc32(body.subarray(0, body.length - DIGITS_FROM), this.start);
  }
}

/** What the schema's output looks like; other than by name, refinements do not show. */
function shapeOf(schema: z.ZodType): string {
  return JSON.stringify(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }));
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(DIGITS, '0');
}
