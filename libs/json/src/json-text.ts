/**
 * JSON that is carried as it was written. Numbers beyond 2^53, `1e400` and keys called `__proto__`
 * do not survive being parsed and printed again, so payloads and answers are never treated so.
 */
export class JsonText {
  static readonly null = new JsonText('null');

  /** @param text valid JSON, on one line */
  private constructor(readonly text: string) {}

  /** Of a value of this process; `undefined` is `null`. */
  static of(value: unknown): JsonText {
    return value instanceof JsonText ? value : new JsonText(printJson(value ?? null));
  }

  /** Of what somebody else has written. Throws `SyntaxError` where it is not JSON. */
  static read(text: string): JsonText {
    JSON.parse(text);
    return JsonText.trusted(text);
  }

  /** Of what is known to be JSON. A line break between its parts becomes a space: none can be within a string. */
  static trusted(text: string): JsonText {
    return new JsonText(/[\r\n]/.test(text) ? text.replace(/[\r\n]/g, ' ') : text);
  }

  /** What it says, as far as this language's numbers can say it: to look at, not to pass on. */
  value(): unknown {
    return JSON.parse(this.text);
  }

  get bytes(): number {
    return encoder.encode(this.text).length;
  }

  /** For logs and the like, which print with `JSON.stringify`; whatever is passed on is printed by `printJson`. */
  toJSON(): unknown {
    if (printing === undefined) return this.value();
    printing.push(this.text);
    return `${MARK}${printing.length - 1}`;
  }
}

const encoder = new TextEncoder();

/** Stands for a text while the rest is printed; nobody else can know it, so no string is taken for one. */
const MARK = `text ${globalThis.crypto.randomUUID()} `;
const MARKS = new RegExp(`"${MARK}(\\d+)"`, 'g');

/** The texts met by the printing under way. */
let printing: string[] | undefined;

/** As `JSON.stringify`, with every `JsonText` as it was written. */
export function printJson(value: unknown, indent?: number): string {
  if (value instanceof JsonText) return value.text;
  const texts: string[] = [];
  printing = texts;
  try {
    const printed = JSON.stringify(value, null, indent);
    if (texts.length === 0) return printed;
    return printed.replace(MARKS, (_, index: string) => texts[Number(index)] ?? 'null');
  } finally {
    printing = undefined;
  }
}
