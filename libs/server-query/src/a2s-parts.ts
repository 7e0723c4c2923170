import { Malformed, type ByteReader } from './bytes.js';

/*
 * A2S answers that are sent in several packets. Each part begins with -2 and the number of the
 * answer. What follows depends on the engine, and no packet names the engine. The first part shows
 * which engine it is: after the part's head, the joined answer begins with -1.
 */

/** The head that an engine writes in each part, after the number of the answer. */
interface Layout {
  readonly headBytes: number;
  count(part: Buffer): number;
  /** Number of this part, counted from 0. */
  number(part: Buffer): number;
}

const goldSource: Layout = {
  headBytes: 1,
  count: ([head = 0]) => head & 15,
  number: ([head = 0]) => head >> 4,
};

const counted = (headBytes: number): Layout => ({
  headBytes,
  count: ([count = 0]) => count,
  number: ([, number = 0]) => number,
});

/** Source also writes the size of a packet; its earliest version did not. */
const LAYOUTS = [goldSource, counted(2), counted(4)];

const BEGINNING = Buffer.from([0xff, 0xff, 0xff, 0xff]);

/** Bit in the number of an answer that says that the answer is compressed with bzip2. */
const COMPRESSED = 0x80;

/** Most parts of all answers to one question. An info fits into one or two. */
const PARTS_MAX = 32;

export class A2sParts {
  /** The parts that have come, by the number of their answer. */
  private readonly answers = new Map<string, Buffer[]>();
  private partsLeft = PARTS_MAX;

  /** The joined answer; null if more parts are needed. Throws `Malformed`. */
  join(reader: ByteReader): Buffer | null {
    const id = reader.take(4);
    this.partsLeft -= 1;
    if (this.partsLeft < 0) throw new Malformed(`comes in more than ${PARTS_MAX} parts`);
    const parts = [...(this.answers.get(id.toString('hex')) ?? []), reader.rest()];
    this.answers.set(id.toString('hex'), parts);
    const layout = LAYOUTS.find((one) => parts.some((part) => isFirst(part, one)));
    if (layout !== undefined) return joined(parts, layout);
    // No engine that is still in use compresses an info.
    if (((id[3] ?? 0) & COMPRESSED) !== 0) {
      throw new Malformed('is compressed with bzip2, which Berth does not read');
    }
    return null;
  }
}

function isFirst(part: Buffer, layout: Layout): boolean {
  const { headBytes } = layout;
  const beginning = part.subarray(headBytes, headBytes + BEGINNING.length);
  return layout.number(part) === 0 && beginning.equals(BEGINNING);
}

function joined(parts: readonly Buffer[], layout: Layout): Buffer | null {
  const { headBytes } = layout;
  const count = Math.max(...parts.map((part) => layout.count(part)));
  const bodies = Array.from({ length: count }, (_, number) =>
    parts.find((part) => layout.number(part) === number)?.subarray(headBytes),
  );
  return bodies.every((body) => body !== undefined) ? Buffer.concat(bodies) : null;
}
