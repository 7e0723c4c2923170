import { buildSummary, buildView, configurationSummary, configurationView } from '#wire';
import { manifest } from '#build';
import { z } from 'zod';

export const buildAnswer = buildView.meta({ id: 'Build' });

export const buildsAnswer = z.object({
  builds: z.array(buildSummary.meta({ id: 'BuildSummary' })),
  next: z.string().optional(),
});

const listed = manifest.shape.files.element.omit({ path: true }).nullable();

export const buildDifferenceAnswer = z.object({
  files: z.array(
    z
      .object({
        path: z.string(),
        before: listed.describe('null: the earlier version does not have it'),
        after: listed.describe('null: the later version does not have it'),
      })
      .meta({ id: 'BuildFileDifference' }),
  ),
  changed: z.int().describe('number of files that are different, on all pages'),
  next: z.string().optional(),
});

export const fileAnswer = z.object({
  digest: z.string().describe('SHA-256 of its content, 64 hex digits'),
  stored: z.boolean().describe('whether the region has the file'),
});

export const configurationAnswer = configurationView.meta({ id: 'BuildConfiguration' });

export const configurationsAnswer = z.object({
  buildConfigurations: z.array(configurationSummary.meta({ id: 'BuildConfigurationSummary' })),
  next: z.string().optional(),
});
