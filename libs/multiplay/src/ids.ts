import { createHash } from 'node:crypto';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is named by a GUID. The kind is part of what the id is made of: `eu` is many things. */
export type GuidKind = 'region' | 'fleet' | 'fleet-region' | 'system';

export function isGuid(text: string): boolean {
  return GUID.test(text);
}

/**
 * The GUID of what has this name: the name itself where it is one, so that who migrates can keep
 * ids as names; else one of version 8 (RFC 9562, section 5.8), the first 122 bits of a SHA-256.
 */
export function guidOf(kind: GuidKind, name: string): string {
  if (isGuid(name)) return name.toLowerCase();
  const bytes = createHash('sha256').update(`berth/${kind}/${name}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const digits = bytes.toString('hex');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-');
}

/** The largest that clients of Multiplay's can hold who declare ids as `int`. */
export const NUMERIC_ID_MAX = 2 ** 31 - 1;

/** The id of what has this name: the same to games and to matchmakers, `NUMERIC_ID_MAX` at most. */
export function numericId(name: string): string {
  return String(digestOf(name).readUInt32BE(0) >>> 1);
}

/** Of a build or build configuration: the name itself where it is such a number, else as of any name. */
export function numberOf(name: string): string {
  const isNumber = /^(0|[1-9]\d{0,9})$/.test(name) && Number(name) <= NUMERIC_ID_MAX;
  return isNumber ? name : numericId(name);
}

/** Ids of 48 bits, which Berth gave until 0.2: they are still understood. */
export function formerId(name: string): string {
  return String(digestOf(name).readUIntBE(0, 6));
}

function digestOf(name: string): Buffer {
  return createHash('sha256').update(name).digest();
}
