/**
 * Cuts off an incomplete UTF-8 character at the end (RFC 3629): a game may be in the middle of
 * writing it.
 */
export function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** The last lines of a text, including an unfinished one. */
export function lastLines(bytes: Buffer, lines: number): Buffer {
  if (lines === 0) return bytes.subarray(bytes.length);
  let at = bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length;
  for (let count = 0; count < lines; count += 1) {
    if (at <= 0) return bytes;
    at = bytes.lastIndexOf(NEWLINE, at - 1);
    if (at < 0) return bytes;
  }
  return bytes.subarray(at + 1);
}

/** The last line that is not blank; only its first `unitsMax` UTF-16 units. */
export function lastLineIn(bytes: Buffer, unitsMax: number): string {
  const line =
    bytes
      .toString('utf8')
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1) ?? '';
  // The cut must not leave the first half of a surrogate pair.
  return line
    .trimStart()
    .slice(0, unitsMax)
    .replace(/[\uD800-\uDBFF]$/, '');
}

const NEWLINE = 0x0a;
