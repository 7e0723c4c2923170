import { z } from 'zod';
import { JsonText } from './json-text.js';

/**
 * JSON that is carried unread. A reader of bytes puts the text here as it was written; a value that
 * was made in this process is printed once. `z.json()` would drop keys called `__proto__`, run out
 * of stack on deep documents, and take sixty times as long.
 */
export const jsonText = z.unknown().overwrite((value) => JsonText.of(value)) as z.ZodType<
  JsonText,
  unknown
>;
