import { commonSettings, listOf, readConfig } from '#service';
import { token } from '#wire';
import { z } from 'zod';

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
});
export type AllocatorConfig = z.output<typeof settings>;

export function allocatorConfig(env: NodeJS.ProcessEnv): AllocatorConfig {
  return readConfig(settings, env);
}
