/** The reflected polynomial of CRC-32, which zlib counts by. */
const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? POLYNOMIAL ^ (sum >>> 1) : sum >>> 1;
  return sum;
});

/** Which entry of the table has a top byte: each is there once, so every step can be undone. */
const BY_TOP_BYTE = Uint8Array.from(
  TABLE.map((_, byte) => TABLE.findIndex((sum) => sum >>> 24 === byte)),
);

/**
 * From which CRC-32 the checksum of some bytes was counted on, given what it came to: the inverse of
 * zlib's `crc32(bytes, origin)`.
 */
export function checksumOrigin(bytes: Uint8Array, checksum: number): number {
  let sum = ~checksum >>> 0;
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    const entry = BY_TOP_BYTE[sum >>> 24] ?? 0;
    sum = (((sum ^ (TABLE[entry] ?? 0)) << 8) | (entry ^ (bytes[at] ?? 0))) >>> 0;
  }
  return ~sum >>> 0;
}
