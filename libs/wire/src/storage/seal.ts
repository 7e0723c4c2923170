import { crc32 } from 'node:zlib';
import { z } from 'zod';

const PLACEHOLDER = ',"crc32":"00000000"}';
/** Position of the checksum's first digit, counted from the end. */
const DIGITS_FROM = 10;
const DIGITS = 8;
const encoder = new TextEncoder();

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

/** The shape of the schema's output as JSON Schema; refinements show in it by name at most. */
function shapeOf(schema: z.ZodType): string {
  return JSON.stringify(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }));
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(DIGITS, '0');
}
