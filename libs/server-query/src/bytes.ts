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

  rest(): Buffer {
    return this.take(this.left);
  }

  /** Passes over text up to a byte of zero, in whatever encoding it is. */
  skipText(): void {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new Malformed('holds a text without an end');
    this.at = end + 1;
  }
}
