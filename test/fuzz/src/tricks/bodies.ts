import type { Random } from '#kernel';
import { deflateSync, gzipSync } from 'node:zlib';
import { isLucky, oneOf } from './draw.js';
import { likelyValue, strangeText, strangeValue } from './values.js';

const POISON = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}';

/** Changes, removes or adds some field of the body, at any depth. */
export function changedBody(random: Random, body: unknown): Uint8Array {
  const copy: unknown = structuredClone(body);
  const places = placesIn(copy);
  if (places.length === 0) return json(strangeValue(random));
  const { holder, key } = oneOf(random, places);
  switch (oneOf(random, ['change', 'change', 'remove', 'add', 'poison', 'replace'] as const)) {
    case 'change':
      holder[key] = strangeValue(random);
      return json(copy);
    case 'remove':
      delete holder[key];
      return json(copy);
    case 'add':
      define(holder, strangeText(random), strangeValue(random));
      return json(copy);
    case 'poison':
      return Buffer.from(JSON.stringify(copy).replace('{', `{"x":${POISON},`));
    case 'replace':
      return json(strangeValue(random));
  }
}

/** Changes one field to another value of the same kind, as an honest client might send. */
export function likelyBody(random: Random, body: unknown): Uint8Array {
  const copy: unknown = structuredClone(body);
  const places = placesIn(copy);
  if (places.length > 0 && isLucky(random, 0.8)) {
    const { holder, key } = oneOf(random, places);
    holder[key] = likelyValue(random, holder[key]);
  }
  return json(copy);
}

/** Breaks the body as a whole: it is not the JSON that it claims to be. */
export function brokenBody(random: Random, body: unknown): Uint8Array {
  const text = JSON.stringify(body ?? {});
  const broken: readonly (() => Uint8Array)[] = [
    () => new Uint8Array(),
    () => Buffer.from(text.slice(0, Math.floor(text.length * random.fraction()))),
    () => Buffer.from(`${text}${text}`),
    () => Buffer.from(`\ufeff${text}`),
    () => Buffer.from(text, 'utf16le'),
    () => Buffer.from(text.replace('{', '{"é":1,'), 'latin1'),
    () =>
      Buffer.concat([
        Buffer.from('{"region":"'),
        Buffer.from([0xff, 0xfe, 0xc0, 0xaf]),
        Buffer.from('"}'),
      ]),
    () => Buffer.from([0, 1, 2, 3, 0x7b, 0x7d]),
    () => gzipSync(text),
    () => deflateSync(text),
    () => Buffer.from('['.repeat(100_000)),
    () => Buffer.from('{"a":'.repeat(40_000)),
    () => Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    () => Buffer.from(`{"region":"${'x'.repeat(300_000)}"}`),
    () => Buffer.from('x'.repeat(1_500_000)),
    () => Buffer.from(`{${'"region":"local",'.repeat(5_000)}"region":"local"}`),
    () => Buffer.from('{"region":NaN}'),
    () => Buffer.from('{"region":1e999999}'),
    () => Buffer.from("{'region':'local'}"),
    () => Buffer.from('// comment\n{}'),
    () => Buffer.from('null'),
    () => Buffer.from('"text"'),
    () => Buffer.from('region=local&a=b'),
    () => Buffer.from('{"region":"\\u0000","payload":"\\ud800"}'),
    () => Buffer.from(POISON),
  ];
  return oneOf(random, broken)();
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value) ?? '');
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

/** Also works for `__proto__`, which an assignment would treat as the prototype. */
function define(holder: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true });
}
