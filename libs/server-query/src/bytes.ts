/** A packet does not have the form that its protocol says. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Reads a packet from its beginning. All methods throw `Malformed` if the packet is too short. */
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

  /** Skips a text that ends with a zero byte, in any encoding. */
  skipText(): void {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new Malformed('holds a text without an end');
    this.at = end + 1;
  }
}
