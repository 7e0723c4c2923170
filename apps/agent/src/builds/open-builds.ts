import { JetStreamBuildFiles } from '#build-files';
import { configurationStreamName, JetStreamEventLog } from '#jetstream';
import type { Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import { buildRecordCodec, configurationRecordCodec } from '#wire';
import { join } from 'node:path';
import type { AgentConfig } from '../config.js';
import type { GameUsers } from '../machine/game-users.js';
import { CatalogueFile } from './catalogue-file.js';
import { DiskBuilds } from './disk-builds.js';
import { LazyBuildFiles } from './lazy-build-files.js';
import { LoggedCatalogue } from './logged-catalogue.js';

type Connection = Parameters<typeof JetStreamBuildFiles.open>[0];

interface OpenBuildsDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The users that games run as; null: the agent's own. */
  readonly users: GameUsers | null;
}

/** Opens this machine's builds and the region's catalogue. Does not wait for a server. */
export async function openBuilds(
  config: AgentConfig,
  connection: Connection,
  { clock, logger, users }: OpenBuildsDeps,
) {
  const { BERTH_REGION: region, BERTH_DATA: data } = config;
  const stream = configurationStreamName(region);
  const options = { stream, clock };
  const catalogue = new LoggedCatalogue(
    {
      region,
      configurations: await JetStreamEventLog.open(connection, {
        ...options,
        codec: configurationRecordCodec,
      }),
      builds: await JetStreamEventLog.open(connection, { ...options, codec: buildRecordCodec }),
      clock,
      logger,
    },
    new CatalogueFile(join(data, 'catalogue.json')),
  );
  const files = new LazyBuildFiles(() => JetStreamBuildFiles.open(connection, region, clock));
  const builds = await DiskBuilds.open(
    {
      // Files that other users may read have other permissions.
      folder: join(data, users === null ? 'builds' : 'shared-builds'),
      bytesMax: config.BERTH_BUILDS_MAX_BYTES,
      fetchMs: config.BERTH_BUILDS_FETCH_MS,
      verify: config.BERTH_BUILDS_VERIFY,
      groups: users?.groups ?? null,
    },
    { catalogue, files, clock, logger },
  );
  return { catalogue, builds };
}
