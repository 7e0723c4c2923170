import { build, buildConfiguration } from '#build';
import { JetStreamBuildFiles } from '#build-files';
import {
  configurationStreamConfig,
  connectNats,
  ensureStream,
  JetStreamEventLog,
} from '#jetstream';
import type { Decider, EventLog } from '#kernel';
import { startNatsServer, type NatsServer } from '#nats-server';
import { createLogger, SystemClock } from '#service-runtime';
import {
  endpoints,
  buildRecordCodec,
  configurationRecordCodec,
  type BuildRecord,
  type ConfigurationRecord,
} from '#wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CatalogueFile } from './catalogue-file.js';
import { DiskBuilds } from './disk-builds.js';
import { LoggedCatalogue } from './logged-catalogue.js';
import { aConfiguration, digestOf, push } from '../../test/support/builds.js';

const MEBIBYTE = 1024 * 1024;
const region = 'eu';
const clock = new SystemClock();
const duel = { buildConfiguration: 'duel', version: 1 };
const by = { at: 1, reason: 'a release', by: 'spec' };

let directory: string;
let server: NatsServer;
let connection: NatsConnection;
let configurations: EventLog<ConfigurationRecord>;
let builds: EventLog<BuildRecord>;
let files: JetStreamBuildFiles;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'berth-pushed-'));
  server = await startNatsServer({ dataDirectory: join(directory, 'nats') });
  connection = await connectNats({ servers: server.url, name: 'builds' });
  const config = configurationStreamConfig(region);
  await ensureStream(connection, config);
  const { name: stream } = config;
  configurations = await JetStreamEventLog.open(connection, {
    stream,
    codec: configurationRecordCodec,
    clock,
  });
  builds = await JetStreamEventLog.open(connection, { stream, codec: buildRecordCodec, clock });
  files = await JetStreamBuildFiles.open(connection, region, clock);
});

afterAll(async () => {
  await connection.close();
  await server.kill();
  await rm(directory, { recursive: true, force: true });
});

/** Records the first event of an actor. */
async function record<S, C, E extends { type: string; at: number }>(
  log: EventLog<{ id: string; source: string; event: E; state: S }>,
  subject: string,
  decider: Decider<S, C, E>,
  command: C,
) {
  const decision = decider.decide(decider.initial, command);
  if (decision.kind === 'refused') throw new Error(decision.refusal.message);
  for (const step of decision.steps) {
    const record = { id: randomUUID(), source: 'spec', ...step };
    expect(await log.append({ subject, expected: 0, record })).toMatchObject({ kind: 'stored' });
  }
}

/** The builds that one machine's agent has. `lives` ends when the agent ends. */
async function machine(name: string) {
  const data = join(directory, name);
  const logger = createLogger('agent', 'silent');
  const deps = { region, configurations, builds, clock, logger };
  const settings = { folder: join(data, 'builds'), bytesMax: 1e9, fetchMs: 60_000 };
  const live = async () => {
    const catalogue = new LoggedCatalogue(deps, new CatalogueFile(join(data, 'catalogue.json')));
    const disk = await DiskBuilds.open(
      { ...settings, verify: 'quick', groups: null },
      { catalogue, files, clock, logger },
    );
    return { catalogue, disk };
  };
  return { live };
}

function known(catalogue: LoggedCatalogue): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      const { build = null } = catalogue.configuration(duel) ?? {};
      if (build && catalogue.build(build)) resolve();
    };
    catalogue.watch(look);
    look();
  });
}

async function digestOfFile(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

describe('a pushed build of 20 MB', () => {
  const data = Buffer.alloc(20 * MEBIBYTE, 'a map, and then some more of it ');
  const digest = digestOf(data);

  it('is fetched by two agents, and fetched again by the one whose copy is damaged', async () => {
    const version = await push(files, 1, { 'bin/game': '#!/bin/sh\n', 'maps/data': data });
    const configuration = aConfiguration({
      build: { name: 'game', version: 1 },
      executable: 'bin/game',
    });
    await record(builds, endpoints.build.subject.of({ region, name: 'game' }), build, {
      type: 'PushBuild',
      ...version,
      ...by,
    });
    await record(
      configurations,
      endpoints.configuration.subject.of({ region, name: 'duel' }),
      buildConfiguration,
      { type: 'SetConfiguration', configuration, ...by },
    );

    const machines = [await machine('one'), await machine('two')];
    const installed = [];
    for (const { live } of machines) {
      const { catalogue, disk } = await live();
      catalogue.start();
      await known(catalogue);
      installed.push(await disk.install(catalogue.configuration(duel) ?? configuration));
      catalogue.close();
    }
    const [first = '', second = ''] = installed.map(({ folder }) =>
      join(folder ?? '', 'maps/data'),
    );
    expect([await digestOfFile(first), await digestOfFile(second)]).toEqual([digest, digest]);

    await damage(second);
    expect(await digestOfFile(second)).not.toBe(digest);
    // The log is not needed again: the machine has kept what it said.
    const { catalogue, disk } = await (await machine('two')).live();
    await disk.install(catalogue.configuration(duel) ?? aConfiguration());
    expect([await digestOfFile(first), await digestOfFile(second)]).toEqual([digest, digest]);
  });
});

async function damage(path: string): Promise<void> {
  await chmod(path, 0o644);
  const file = await open(path, 'r+');
  await file.write('x', 4_096);
  await file.close();
}
