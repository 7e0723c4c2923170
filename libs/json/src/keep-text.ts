import { JsonText } from './json-text.js';
import type { Places } from './places.js';

const [QUOTE, BACKSLASH, COMMA] = ['"', '\\', ','].map((sign) => sign.charCodeAt(0));
const [OBJECT, OBJECT_END, LIST, LIST_END] = [...'{}[]'].map((sign) => sign.charCodeAt(0));
const SPACE = 0x20;

type Holder = Record<string, unknown>;

/**
 * Replaces the values at `places` in a parsed document by their original text.
 *
 * @param text valid JSON: it has been parsed before
 * @returns the parsed value, or a `JsonText` if the whole document is carried unparsed
 */
export function keepText(text: string, parsed: unknown, places: Places): unknown {
  const whole: Holder = { parsed };
  if (keepNulls(places, whole, 'parsed')) return whole['parsed'];
  new Reader(text).value(places, whole, 'parsed');
  return whole['parsed'];
}

/** The text at a path of member names; undefined if there is nothing. */
export function textAt({ text }: JsonText, path: readonly string[]): JsonText | undefined {
  const places = path.reduceRight<Places>(
    (inner, name) => ({ members: new Map([[name, inner]]) }),
    { isText: true },
  );
  const kept = keepText(text, JSON.parse(text), places);
  const found = path.reduce<unknown>(
    (value, name) => (isHolder(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    kept,
  );
  return found instanceof JsonText ? found : undefined;
}

/**
 * Most carried values are null. Replaces these, and returns whether that was all: then the text
 * need not be read.
 */
function keepNulls(places: Places, holder: Holder, key: string): boolean {
  if (!Object.hasOwn(holder, key)) return true;
  const value = holder[key];
  if (value === null) {
    if (places.isText === true) holder[key] = JsonText.null;
    return true;
  }
  if (places.isText === true) return false;
  if (!isHolder(value)) return true;
  if (places.each !== undefined) return false;
  for (const [name, inner] of places.members ?? []) {
    if (!keepNulls(inner, value, name)) return false;
  }
  return true;
}

/** Scans a valid document, and looks only at parts that lead to a place. */
class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(places: Places | undefined, holder: unknown, key: string | number): void {
    this.passSpace();
    const from = this.at;
    const first = this.text.charCodeAt(from);
    if (places === undefined || places.isText === true) {
      this.passValue();
      if (places !== undefined && isHolder(holder) && Object.hasOwn(holder, key)) {
        holder[key] = JsonText.trusted(this.text.slice(from, this.at));
      }
      return;
    }
    const inside = isHolder(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
    if (first === OBJECT) this.object(places, inside);
    else if (first === LIST) this.list(places, inside);
    else this.passValue();
  }

  private object(places: Places, object: unknown): void {
    this.at += 1;
    for (;;) {
      this.passSpace();
      if (this.text.charCodeAt(this.at) === OBJECT_END) break;
      const name = this.name();
      this.passSpace();
      this.at += 1;
      this.value(places.members?.get(name) ?? places.each, object, name);
      this.passSpace();
      if (this.text.charCodeAt(this.at) === COMMA) this.at += 1;
    }
    this.at += 1;
  }

  private list(places: Places, list: unknown): void {
    this.at += 1;
    for (let index = 0; ; index += 1) {
      this.passSpace();
      if (this.text.charCodeAt(this.at) === LIST_END) break;
      this.value(places.each, list, index);
      this.passSpace();
      if (this.text.charCodeAt(this.at) === COMMA) this.at += 1;
    }
    this.at += 1;
  }

  private name(): string {
    const from = this.at;
    this.passString();
    const name = this.text.slice(from + 1, this.at - 1);
    return name.includes('\\') ? (JSON.parse(`"${name}"`) as string) : name;
  }

  private passSpace(): void {
    while (this.text.charCodeAt(this.at) <= SPACE) this.at += 1;
  }

  private passValue(): void {
    let depth = 0;
    for (; this.at < this.text.length; this.at += 1) {
      const sign = this.text.charCodeAt(this.at);
      if (sign === QUOTE) {
        this.passString();
        this.at -= 1;
      } else if (sign === OBJECT || sign === LIST) depth += 1;
      else if (sign === OBJECT_END || sign === LIST_END) {
        if (depth === 0) return;
        depth -= 1;
      } else if (depth > 0) continue;
      else if (sign === COMMA || sign <= SPACE) return;
      else continue;
      if (depth === 0) {
        this.at += 1;
        return;
      }
    }
  }

  private passString(): void {
    for (let end = this.text.indexOf('"', this.at + 1); ; end = this.text.indexOf('"', end + 1)) {
      let before = end - 1;
      while (this.text.charCodeAt(before) === BACKSLASH) before -= 1;
      if ((end - before) % 2 === 0) continue;
      this.at = end + 1;
      return;
    }
  }
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null && !(value instanceof JsonText);
}
