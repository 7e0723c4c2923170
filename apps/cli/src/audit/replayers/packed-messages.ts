import type { StoredMessage } from '#kernel';

/** Messages on their way to another thread, which gets their bodies without another copy. */
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

export function unpacked(packed: PackedMessages): readonly StoredMessage[] {
  const { subjects, bodies, numbers, deduplicationIds } = packed;
  const messages: StoredMessage[] = [];
  let from = 0;
  for (let at = 0; at < numbers.length; at += NUMBERS) {
    const end = numbers[at + 3] ?? 0;
    const expected = numbers[at + 2] ?? NOT_SAID;
    messages.push({
      subject: subjects[numbers[at] ?? 0] ?? '',
      sequence: numbers[at + 1] ?? 0,
      body: bodies.subarray(from, end),
      expected: expected === NOT_SAID ? null : expected,
      deduplicationId: deduplicationIds.get(at / NUMBERS) ?? null,
    });
    from = end;
  }
  return messages;
}
