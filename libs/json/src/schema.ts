import { z } from 'zod';
import { JsonText } from './json-text.js';

/**
 * JSON that is carried unparsed. A reader of bytes puts the original text here; a value made in
 * this process is printed once. `z.json()` would drop keys called `__proto__`, overflow the stack
 * on deep documents, and take sixty times as long.
 */
export const jsonText = z.unknown().overwrite((value) => JsonText.of(value)) as z.ZodType<
  JsonText,
  unknown
>;
