import { createHash, hash } from 'node:crypto';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Kinds of things that have a GUID. The GUID depends on the kind, because `eu` may name several
 * things.
 */
export type GuidKind = 'region' | 'fleet' | 'fleet-region' | 'system';

export function isGuid(text: string): boolean {
  return GUID.test(text);
}

/**
 * The GUID of the thing with this name. A name that is a GUID is returned as it is, so that ids can
 * be kept as names in a migration. Any other name gives a GUID of version 8 (RFC 9562, section
 * 5.8), from the first 122 bits of a SHA-256.
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

/** The largest id that fits into the `int` of Multiplay's clients. */
export const NUMERIC_ID_MAX = 2 ** 31 - 1;

/**
 * The id of the thing with this name, at most `NUMERIC_ID_MAX`. Games and matchmakers get the same
 * id.
 */
export function numericId(name: string): string {
  return String(numberFor(name));
}

/** A million slots have their numbers computed at an allocator's start: a string is made sooner. */
function numberFor(name: string): number {
  const digest = hash('sha256', name, 'binary');
  let bits = 0;
  for (let index = 0; index < 4; index += 1) bits = (bits << 8) | digest.charCodeAt(index);
  return bits >>> 1;
}

/**
 * The id of a build or build configuration: the name itself if it is such a number, otherwise
 * `numericId`.
 */
export function numberOf(name: string): string {
  const isNumber = /^(0|[1-9]\d{0,9})$/.test(name) && Number(name) <= NUMERIC_ID_MAX;
  return isNumber ? name : numericId(name);
}

/** The id of 48 bits that Berth used up to version 0.2 and still accepts. */
export function formerId(name: string): string {
  return String(hash('sha256', name, 'buffer').readUIntBE(0, 6));
}

/** The numbers of a slot and its machine, if they are not those that the names give. */
export interface GivenNumbers {
  readonly server?: number;
  readonly machine?: number;
}

/**
 * The numeric ids of a slot and its machine, the same for games and matchmakers.
 *
 * @param slot the slot's name, `region.agent.slot`
 */
export function slotIds(
  slot: string,
  agent: string,
  { server, machine }: GivenNumbers = {},
): Required<GivenNumbers> {
  return {
    server: server ?? numberFor(slot),
    machine: machine ?? numberFor(agent),
  };
}
