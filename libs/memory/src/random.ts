import { Random } from '#kernel';

/** The same seed gives the same numbers: sfc32, by Chris Doty-Humphrey (PractRand). */
export class SeededRandom extends Random {
  private a = 0;
  private b = 0;
  private c: number;
  private counter = 1;

  constructor(readonly seed: number) {
    super();
    this.c = seed | 0;
    // The first numbers still show a pattern from the seed, so they are dropped.
    for (let draw = 0; draw < 12; draw += 1) this.draw();
  }

  fraction(): number {
    return this.draw() / 2 ** 32;
  }

  id(): string {
    const digits = Array.from({ length: 4 }, () => this.draw().toString(16).padStart(8, '0'));
    const [a, b, c, d] = digits as [string, string, string, string];
    const variant = '89ab'[Number.parseInt(c.charAt(0), 16) % 4];
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`;
  }

  /** An unsigned number of 32 bits. */
  private draw(): number {
    const drawn = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + drawn;
    this.c |= 0;
    return drawn >>> 0;
  }
}
