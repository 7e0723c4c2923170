import { lineOf, numberOf } from '#multiplay';
import type { BuildSummary, ConfigurationView } from '#wire';
import { z } from 'zod';
import type { MultiplayIds } from './ids.js';

export const multiplayBuildConfiguration = z
  .object({
    id: z.int(),
    name: z.string(),
    buildID: z.int().optional().describe('missing if its files are on the machines already'),
    buildName: z.string().optional(),
    configuration: z.array(z.object({ id: z.int(), key: z.string(), value: z.string() })),
    queryType: z.enum(['none', 'sqp', 'a2s']),
    binaryPath: z.string().optional(),
    commandLine: z.string().optional(),
    readiness: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'MultiplayBuildConfiguration' });
export type MultiplayBuildConfiguration = z.output<typeof multiplayBuildConfiguration>;

export const multiplayBuild = z
  .object({
    buildID: z.int(),
    buildName: z.string(),
    buildVersion: z.int(),
    osFamily: z.literal('LINUX'),
    syncStatus: z.literal('SYNCED'),
    ccdBucketSize: z.int().describe('size of its latest version in bytes'),
  })
  .meta({ id: 'MultiplayBuild' });
export type MultiplayBuild = z.output<typeof multiplayBuild>;

/** @param view undefined if it is only a setting of agents: its details are then not known here */
export function buildConfigurationObject(
  name: string,
  view: ConfigurationView | undefined,
  ids: MultiplayIds,
): MultiplayBuildConfiguration {
  const head = { id: ids.buildConfiguration(name), name };
  const { configuration = null, version = 0 } = view ?? {};
  if (configuration === null) {
    return { ...head, configuration: [], queryType: 'none', readiness: false, version };
  }
  const { build, variables, query, executable, arguments: words, readiness } = configuration;
  const commandLine = lineOf(words);
  return {
    ...head,
    ...(build !== null && { buildID: Number(numberOf(build.name)), buildName: build.name }),
    // Multiplay's clients cannot read empty text.
    configuration: Object.entries(variables)
      .filter(([, value]) => value !== '')
      .map(([key, value], index) => ({ id: index + 1, key, value })),
    queryType: query,
    binaryPath: executable,
    ...(commandLine !== '' && { commandLine }),
    readiness,
    version,
  };
}

export function buildObject(name: string, { version, bytes }: BuildSummary): MultiplayBuild {
  return {
    buildID: Number(numberOf(name)),
    buildName: name,
    buildVersion: version,
    osFamily: 'LINUX',
    syncStatus: 'SYNCED',
    ccdBucketSize: bytes,
  };
}
