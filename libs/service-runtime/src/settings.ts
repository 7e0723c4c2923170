import { resolve } from 'node:path';
import { z } from 'zod';

/**
 * A list in one variable, comma separated.
 *
 * @param title name of the items in the setting's description, such as "networks"
 */
export function listOf<T>(item: z.ZodType<T>, title: string) {
  const written = z.string().meta({ title: `${title}, comma separated` });
  return written.transform((text, context) => {
    const items = text.split(',').map((part) => item.safeParse(part.trim()));
    for (const { error } of items) {
      if (error) context.addIssue({ code: 'custom', message: error.issues[0]?.message ?? '' });
    }
    return items.flatMap(({ data }) => (data === undefined ? [] : [data]));
  });
}

/** A whole number of milliseconds, above 0. */
export const milliseconds = z.coerce.number().int().positive();

export const yesOrNo = z.enum(['true', 'false']).transform((word) => word === 'true');

/**
 * The path of a file or folder. A relative path starts from the folder that the service is started
 * in; the result is absolute.
 */
export const path = z
  .string()
  .meta({ title: 'path' })
  .transform((text) => resolve(text));
