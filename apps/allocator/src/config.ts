import { commonSettings, listOf, readConfig } from '#service-runtime';
import { token } from '#wire';
import { z } from 'zod';
import { DEFAULTS } from './options.js';

const settings = z.object({
  ...commonSettings,
  BERTH_REGIONS: listOf(token).default(['local']).describe('regions served, comma separated'),
  BERTH_REPLICAS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe('servers that store each event'),
  BERTH_REMEMBER_HOURS: z.coerce
    .number()
    .positive()
    .default(DEFAULTS.rememberMs / 3_600_000)
    .describe('how long an id is remembered after its session has ended, in hours'),
  BERTH_ARCHIVE_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(36_500)
    .default(DEFAULTS.archiveMs / 86_400_000)
    .describe('how long the whole history of slots is kept; 0: not beyond what the log keeps'),
  BERTH_REMEMBERED_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(DEFAULTS.rememberedMax)
    .describe('ended ids that are remembered at most, per region'),
  BERTH_WAITING_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(DEFAULTS.waitingMax)
    .describe('requests that may wait for a server at one allocator, per region'),
});
export type AllocatorConfig = z.output<typeof settings>;

export function allocatorConfig(env: NodeJS.ProcessEnv): AllocatorConfig {
  return readConfig(settings, env);
}
