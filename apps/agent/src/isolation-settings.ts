import { listOf } from '#service-runtime';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';

const absolutePath = z
  .string()
  .refine(isAbsolute, 'must be absolute paths')
  .transform((text) => resolve(text));

/** Settings of what games, and the build configurations that start them, may do on a machine. */
export const isolationSettings = {
  BERTH_ALLOWED_EXECUTABLES: listOf(absolutePath, 'absolute paths')
    .default([])
    .describe(
      "executables, and folders of executables, that build configurations may run beside their builds' and BERTH_COMMAND's",
    ),
  BERTH_ALLOWED_FOLDERS: listOf(absolutePath, 'absolute paths')
    .default([])
    .describe("folders that build configurations may put payload files in beside the slot's own"),
  BERTH_ALLOWED_MODE: z
    .string()
    .regex(/^0?[0-7]{3}$/, 'must be permissions in octal, as 0660')
    .prefault('0660')
    .transform((text) => Number.parseInt(text, 8))
    .describe('widest permissions of a payload file, in octal'),
};
