import { commonSettings, listOf, path } from '#service-runtime';
import { token } from '#wire';
import { z } from 'zod';

/** The settings that the auditor reads from its environment. */
export const auditorSettings = z.object({
  ...commonSettings,
  BERTH_REGIONS: listOf(token, 'names')
    .transform((regions) => [...new Set(regions)])
    .prefault('local')
    .describe('regions whose history it indexes'),
  BERTH_DATA: path.describe(
    'folder with its databases; if it is lost, they are built anew from the archive and the log',
  ),
});
export type AuditorConfig = z.output<typeof auditorSettings>;
