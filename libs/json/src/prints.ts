import { JsonText, printJson } from './json-text.js';

const [QUOTE, COMMA, OBJECT, OBJECT_END, LIST, LIST_END, ZERO] = [...'",{}[]0'].map((sign) =>
  sign.charCodeAt(0),
) as [number, number, number, number, number, number, number];

/** What `JSON.stringify` does not print as it is. */
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Not there. */
const NO = -1;

/**
 * Tells whether texts are what `printJson` makes of values that follow each other and share parts,
 * without printing them. A member that is the very one of the value before is compared with the text
 * before, together with its neighbours; any other is looked for in the text. Values must not be changed.
 */
export class Prints {
  private root = new Members();
  private before = '';

  /** Whether `printJson(value)` is `text`. */
  match(value: object, text: string): boolean {
    const isMatch = this.root.pass(value, { text, before: this.before }, 0, 0) === text.length;
    if (!isMatch) this.root = new Members();
    this.before = isMatch ? text : '';
    return isMatch;
  }
}

/** The text that is compared now, and the one that matched before. */
interface Texts {
  readonly text: string;
  readonly before: string;
}

/** The members of one object of the value before, and where each began, from the object's own begin. */
class Members {
  private count = 0;
  private readonly keys: string[] = [];
  private readonly values: unknown[] = [];
  private readonly begins: number[] = [0];
  /** Of members that are objects, and were objects before. */
  private readonly inner: (Members | undefined)[] = [];

  /**
   * Where the print of `value`, which begins at `at`, ends.
   *
   * @param atBefore where the object of the value before began in the text before
   */
  pass(value: object, texts: Texts, at: number, atBefore: number): number {
    const { text } = texts;
    let here = at;
    let place = 0;
    // Members that are as before: they are compared together.
    let same = 0;
    let sameBefore = 0;
    for (const key in value) {
      const member = (value as Readonly<Record<string, unknown>>)[key];
      if (member === undefined) continue;
      const begin = this.begins[place] ?? 0;
      this.begins[place] = here - at;
      if (place < this.count && this.values[place] === member && this.keys[place] === key) {
        if (same === 0) sameBefore = atBefore + begin;
        const length = (this.begins[place + 1] ?? 0) - begin;
        same += length;
        here += length;
      } else {
        if (!isSame(texts, here - same, sameBefore, same)) return NO;
        same = 0;
        here = this.passMember(place, key, member, texts, here, atBefore + begin);
        if (here === NO) return NO;
      }
      place += 1;
    }
    if (!isSame(texts, here - same, sameBefore, same)) return NO;
    this.count = place;
    this.begins[place] = here - at;
    if (place === 0) return passText('{}', text, at);
    return text.charCodeAt(here) === OBJECT_END ? here + 1 : NO;
  }

  private passMember(
    place: number,
    key: string,
    member: unknown,
    texts: Texts,
    at: number,
    atBefore: number,
  ): number {
    const { text } = texts;
    if (text.charCodeAt(at) !== (place === 0 ? OBJECT : COMMA)) return NO;
    const printed = keyText(key);
    const from = passText(printed, text, at + 1);
    if (from === NO) return NO;
    const isGrown =
      place < this.count &&
      this.keys[place] === key &&
      isPlain(this.values[place]) &&
      isPlain(member);
    this.keys[place] = key;
    this.values[place] = member;
    if (!isGrown) {
      this.inner[place] = undefined;
      return passValue(member, text, from);
    }
    const inner = (this.inner[place] ??= new Members());
    return inner.pass(member as object, texts, from, atBefore + 1 + printed.length);
  }
}

function isSame({ text, before }: Texts, at: number, atBefore: number, length: number): boolean {
  if (length === 0) return true;
  return text.slice(at, at + length) === before.slice(atBefore, atBefore + length);
}

/** Where the print of any value, which begins at `at`, ends in the text. */
function passValue(value: unknown, text: string, at: number): number {
  switch (typeof value) {
    case 'string':
      return passString(value, text, at);
    case 'number':
      return passNumber(value, text, at);
    case 'object':
      if (value === null) return passText('null', text, at);
      if (value instanceof JsonText) return passText(value.text, text, at);
      if (Array.isArray(value)) return passList(value, text, at);
      return isPlain(value) ? passObject(value, text, at) : passText(printJson(value), text, at);
    default:
      return passText(JSON.stringify(value) ?? 'null', text, at);
  }
}

function passObject(value: object, text: string, at: number): number {
  let here = at;
  for (const key in value) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member === undefined) continue;
    if (text.charCodeAt(here) !== (here === at ? OBJECT : COMMA)) return NO;
    here = passText(keyText(key), text, here + 1);
    if (here !== NO) here = passValue(member, text, here);
    if (here === NO) return NO;
  }
  if (here === at) return passText('{}', text, at);
  return text.charCodeAt(here) === OBJECT_END ? here + 1 : NO;
}

function passList(list: readonly unknown[], text: string, at: number): number {
  if (list.length === 0) return passText('[]', text, at);
  let here = at;
  for (const one of list) {
    if (text.charCodeAt(here) !== (here === at ? LIST : COMMA)) return NO;
    here = passValue(one, text, here + 1);
    if (here === NO) return NO;
  }
  return text.charCodeAt(here) === LIST_END ? here + 1 : NO;
}

function passText(part: string, text: string, at: number): number {
  return text.startsWith(part, at) ? at + part.length : NO;
}

function passString(value: string, text: string, at: number): number {
  if (ESCAPED.test(value)) return passText(JSON.stringify(value), text, at);
  const end = at + 1 + value.length;
  const isThere =
    text.charCodeAt(at) === QUOTE &&
    text.charCodeAt(end) === QUOTE &&
    text.startsWith(value, at + 1);
  return isThere ? end + 1 : NO;
}

/** Reads the digits, which is quicker than to print the number. */
function passNumber(value: number, text: string, at: number): number {
  if (!Number.isSafeInteger(value) || value <= 0) return passText(JSON.stringify(value), text, at);
  let here = at;
  let read = 0;
  for (; ; here += 1) {
    const digit = text.charCodeAt(here) - ZERO;
    if (!(digit >= 0 && digit <= 9)) break;
    read = read * 10 + digit;
  }
  return read === value && text.charCodeAt(at) !== ZERO ? here : NO;
}

function isPlain(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !('toJSON' in value)
  );
}

/** Keys of schemas come again and again; of other keys there may be any number. */
const KEYS_MAX = 1_000;
const keys = new Map<string, string>();

function keyText(key: string): string {
  let text = keys.get(key);
  if (text === undefined) {
    text = `${JSON.stringify(key)}:`;
    if (keys.size < KEYS_MAX) keys.set(key, text);
  }
  return text;
}
