import { printJson } from './json-text.js';

/** Objects so deep in a value are compared with those of the value before. */
const KEPT_DEPTH = 2;

/**
 * Prints values that follow each other and share parts, as `printJson` does: an object that stood in
 * the same place of the value before, two levels down, is not printed again. Values must not be changed.
 */
export class Prints {
  private readonly seen: object[] = [];
  private readonly texts: string[] = [];
  private place = 0;

  print(value: object): string {
    this.place = 0;
    return this.members(value, 1);
  }

  private members(value: object, depth: number): string {
    let text = '';
    for (const key in value) {
      const member = (value as Readonly<Record<string, unknown>>)[key];
      if (member === undefined) continue;
      text += (text === '' ? '{' : ',') + keyText(key) + this.part(member, depth);
    }
    return text === '' ? '{}' : `${text}}`;
  }

  private part(value: unknown, depth: number): string {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    if (depth < KEPT_DEPTH)
      return isPlain(value) ? this.members(value, depth + 1) : printJson(value);
    const place = this.place++;
    if (this.seen[place] !== value) {
      this.seen[place] = value;
      this.texts[place] = printJson(value);
    }
    return this.texts[place] ?? '';
  }
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
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
