/** A packet is not what its protocol says. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Reads a packet from its beginning. Everything throws `Malformed` where the packet is too short. */
export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    return this.take(1).readUInt8();
  }

  /** Big endian. */
  short(): number {
    return this.take(2).readUInt16BE();
  }

  /** Big endian. */
  long(): number {
    return this.take(4).readUInt32BE();
  }

  take(length: number): Buffer {
    if (this.left < length) throw new Malformed(`ends ${length - this.left} bytes too early`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** Text up to a byte of zero. */
  zeroTerminated(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new Malformed('a text does not end');
    const text = this.take(end + 1 - this.at).subarray(0, -1);
    return text.toString('utf8');
  }
}
