import { listOf } from '#service-runtime';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { rangeOf } from './range-setting.js';

/** Highest id: above it, system calls read an id as none. */
const ID_MAX = 4_294_967_293;

/** Users for 1,000 slots, and as many groups for builds. */
const IDS_MIN = 2_000;

const absolutePath = z
  .string()
  .refine(isAbsolute, 'must be absolute paths')
  .transform((text) => resolve(text));

const idRange = rangeOf('ids', '200000-265535').refine(
  ({ first, last }) => first >= 1_000 && last <= ID_MAX && last - first >= IDS_MIN - 1,
  `must be at least ${IDS_MIN} ids from 1000 to ${ID_MAX}, the lower one first`,
);

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
  BERTH_GAME_USERS: idRange
    .optional()
    .describe(
      "ids of users and groups that are nobody else's: games run as a user for each slot; if not set, as the agent's own",
    ),
  BERTH_CGROUP: z
    .string()
    .meta({ title: 'absolute path' })
    .regex(/^\/sys\/fs\/cgroup\/[^\0]+$/, 'must be a folder below /sys/fs/cgroup')
    .optional()
    .describe(
      'control group (cgroup v2) for the games, which the agent makes and divides; needed for limits',
    ),
  BERTH_UNENFORCED_LIMITS: z
    .enum(['refuse', 'ignore'])
    .default('refuse')
    .describe(
      'games with limits on a machine that cannot keep them to these: not run, or unlimited',
    ),
  BERTH_MEMORY_MIB_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('memory of a game of BERTH_COMMAND, in MiB; without a limit if not set'),
  BERTH_CPUS_MAX: z.coerce
    .number()
    .min(0.01)
    .optional()
    .describe('processors of a game of BERTH_COMMAND, such as 1.5; without a limit if not set'),
  BERTH_TASKS_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('processes and threads of a game of BERTH_COMMAND; without a limit if not set'),
};
