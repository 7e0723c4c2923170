import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { listOf, milliseconds, path, yesOrNo } from './settings.js';
import { describeSettings } from './describe-settings.js';

describe('A setting', () => {
  it.each<[string, z.ZodType, string, string | null, boolean]>([
    ['A_MS', milliseconds.default(500), 'milliseconds, above 0', '500', false],
    ['A_DAYS', z.coerce.number().int().min(0).max(9), 'days, 0 to 9', null, true],
    ['A_MAX', z.coerce.number().int().min(1).default(3), 'whole number, 1 or more', '3', false],
    ['A_PRIORITY', z.coerce.number().default(0), 'number', '0', false],
    [
      'A_WORD',
      z.enum(['no', 'quick', 'full']).default('full'),
      '`no`, `quick` or `full`',
      'full',
      false,
    ],
    ['A_CHOICE', yesOrNo.prefault('true'), '`true` or `false`', 'true', false],
    ['A_FILE', path.optional(), 'path', null, false],
    ['A_FOLDER', path, 'path', null, true],
    ['A_LIST', listOf(z.string(), 'names').prefault('a,b'), 'names, comma separated', 'a,b', false],
    ['A_TEXT', z.string(), 'text', null, true],
  ])('%s is described in its documented form', (name, schema, value, byDefault, isRequired) => {
    const shape = { [name]: schema.describe('what it is for') };
    const meaning = 'what it is for';
    expect(describeSettings(shape)).toEqual([{ name, value, byDefault, isRequired, meaning }]);
  });
});
