/**
 * JSON that is passed on exactly as it was written. Numbers beyond 2^53, `1e400` and keys called
 * `__proto__` do not survive parsing and printing, so payloads and answers are never parsed.
 */
export class JsonText {
  static readonly null = new JsonText('null');

  /** @param text valid JSON, on one line */
  private constructor(readonly text: string) {}

  /** The text of a value of this process; `undefined` becomes `null`. */
  static of(value: unknown): JsonText {
    return value instanceof JsonText ? value : new JsonText(printJson(value ?? null));
  }

  /** Takes text from another program. Throws `SyntaxError` if it is not JSON. */
  static read(text: string): JsonText {
    JSON.parse(text);
    return JsonText.trusted(text);
  }

  /**
   * Takes text that is known to be JSON. Line breaks become spaces; JSON has none within strings.
   */
  static trusted(text: string): JsonText {
    return new JsonText(/[\r\n]/.test(text) ? text.replace(/[\r\n]/g, ' ') : text);
  }

  /** The parsed value, for inspection only: large numbers may lose precision. */
  value(): unknown {
    return JSON.parse(this.text);
  }

  get bytes(): number {
    return encoder.encode(this.text).length;
  }

  /**
   * For loggers and others that print with `JSON.stringify`. Data to be passed on is printed by
   * `printJson`.
   */
  toJSON(): unknown {
    if (printing === undefined) return this.value();
    printing.push(this.text);
    return `${MARK}${printing.length - 1}`;
  }
}

const encoder = new TextEncoder();

/**
 * Marks the place of a text during printing. It is random, so no other string is mistaken for a
 * mark.
 */
const MARK = `text ${globalThis.crypto.randomUUID()} `;

/** The texts that the current `printJson` has met; undefined outside of it. */
let printing: string[] | undefined;

/** Like `JSON.stringify`, with every `JsonText` exactly as it was written. */
export function printJson(value: unknown, indent?: number): string {
  if (value instanceof JsonText) return value.text;
  const texts: string[] = [];
  printing = texts;
  try {
    const printed = JSON.stringify(value, null, indent);
    return texts.length === 0 ? printed : withTexts(printed, texts);
  } finally {
    printing = undefined;
  }
}

/** The marks stand in the order in which the texts were met. */
function withTexts(printed: string, texts: readonly string[]): string {
  let whole = '';
  let from = 0;
  for (const [index, text] of texts.entries()) {
    const mark = `"${MARK}${index}"`;
    const at = printed.indexOf(mark, from);
    whole += printed.slice(from, at) + text;
    from = at + mark.length;
  }
  return whole + printed.slice(from);
}
