import type { Messages } from '#audit';
import type { StoredMessage } from '#kernel';

/**
 * Messages that wait to be replayed: few objects, which the garbage collector would have to move, and
 * which another thread gets without another copy.
 */
export interface PackedMessages {
  /** By the numbers that messages have. */
  readonly subjects: readonly string[];
  readonly bodies: Uint8Array<ArrayBuffer>;
  /** Of each message: subject, sequence, what its writer expected, and where its body ends. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Of the messages that have one, by their place. */
  readonly deduplicationIds: ReadonlyMap<number, string>;
}

const NUMBERS = 4;
const NOT_SAID = -1;

const FIRST_BYTES = 1024 * 1024;

/** Packs messages as they come, while their bodies are still in the processor's cache. */
export class Packing {
  private readonly subjects = new Map<string, number>();
  private readonly numbers: number[] = [];
  private readonly deduplicationIds = new Map<number, string>();
  private end = 0;

  /** @param bodies room for bodies, grown if there is too little */
  constructor(private bodies = new Uint8Array(FIRST_BYTES)) {}

  add({ subject, sequence, expected, body, deduplicationId }: StoredMessage): void {
    const { numbers } = this;
    let number = this.subjects.get(subject);
    if (number === undefined) this.subjects.set(subject, (number = this.subjects.size));
    const end = this.end + body.length;
    if (end > this.bodies.length) this.grow(end);
    this.bodies.set(body, this.end);
    this.end = end;
    if (deduplicationId !== null) {
      this.deduplicationIds.set(numbers.length / NUMBERS, deduplicationId);
    }
    numbers.push(number, sequence, expected ?? NOT_SAID, end);
  }

  packed(): PackedMessages {
    const { bodies, deduplicationIds } = this;
    const numbers = Float64Array.from(this.numbers);
    return { subjects: [...this.subjects.keys()], bodies, numbers, deduplicationIds };
  }

  private grow(needed: number): void {
    const bodies = new Uint8Array(Math.max(needed, 2 * this.bodies.length));
    bodies.set(this.bodies.subarray(0, this.end));
    this.bodies = bodies;
  }
}

/** Packed messages, each made when it is asked for, so that it lives for a moment only. */
export class Unpacking implements Messages {
  constructor(private readonly packed: PackedMessages) {}

  get length(): number {
    return this.packed.numbers.length / NUMBERS;
  }

  subjectAt(place: number): string {
    const { subjects, numbers } = this.packed;
    return subjects[numbers[place * NUMBERS] ?? 0] ?? '';
  }

  at(place: number): StoredMessage {
    const { bodies, numbers, deduplicationIds } = this.packed;
    const first = place * NUMBERS;
    const expected = numbers[first + 2] ?? NOT_SAID;
    // The body begins where that of the message before ends.
    const from = place === 0 ? 0 : numbers[first - 1];
    return {
      subject: this.subjectAt(place),
      sequence: numbers[first + 1] ?? 0,
      body: bodies.subarray(from, numbers[first + 3]),
      expected: expected === NOT_SAID ? null : expected,
      deduplicationId: deduplicationIds.get(place) ?? null,
    };
  }
}
