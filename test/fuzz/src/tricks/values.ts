import type { Random } from '#kernel';
import { oneOf } from './draw.js';

/** Numbers that no field should have; none of them asks for a long wait. */
const NUMBERS = [-1, 0, 1.5, -0, 2 ** 31, 2 ** 53, 2 ** 64, 1e308, 5e-324, Number.MIN_SAFE_INTEGER];

const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202etxt.exe',
  '\ufeffbom',
  'é́ïñ🎮',
  '../../../etc/passwd',
  '%2e%2e%2f',
  'local.*',
  'local.>',
  '>',
  '*',
  '$SRV.PING',
  '_INBOX.x',
  'a b',
  'a.b.c.d.e',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  "'; drop table slots; --",
  '${7*7}{{7*7}}',
  '<script>alert(1)</script>',
  'true',
  'null',
  '1e400',
  '\r\nx-injected: 1',
  'x'.repeat(65),
  'x'.repeat(1_025),
  'x'.repeat(70_000),
];

const OTHERS: readonly unknown[] = [null, true, false, [], {}, [[]], [null], { a: { b: [] } }];

/** A value that an attacker, or a mistake, might put into a field. */
export function strangeValue(random: Random): unknown {
  switch (oneOf(random, ['number', 'text', 'other', 'many', 'deep', 'keys'] as const)) {
    case 'number':
      return oneOf(random, NUMBERS);
    case 'text':
      return oneOf(random, TEXTS);
    case 'other':
      return oneOf(random, OTHERS);
    case 'many':
      return Array.from({ length: oneOf(random, [65, 1_000, 20_000]) }, (_, index) => index);
    case 'deep':
      return nested(oneOf(random, [10, 60, 63, 200, 2_000]));
    case 'keys':
      return Object.fromEntries(
        [...TEXTS.slice(0, 20), ...Array.from({ length: 80 }, (_, i) => `key-${i}`)].map((key) => [
          key,
          'x',
        ]),
      );
  }
}

/**
 * Another value of the same kind. Texts only grow, so that no address becomes one of another
 * machine.
 */
export function likelyValue(random: Random, value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return value + oneOf(random, [-1, 1, 2]);
    case 'string':
      return `${value}${oneOf(random, ['0', '1', '2', 'x', '-a', '.b'])}`;
    case 'boolean':
      return !value;
    default:
      return Array.isArray(value)
        ? [...(value as unknown[]), 'more']
        : { ...(value ?? {}), more: 'x' };
  }
}

export function strangeText(random: Random): string {
  return oneOf(random, TEXTS);
}

function nested(depth: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { deeper: value };
  return value;
}
