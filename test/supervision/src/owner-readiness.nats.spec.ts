import { startNatsServer, type NatsServer } from '#nats-server';
import { freePort } from '#testing';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Service } from '../../storm/src/service.js';
import { inTime } from './in-time.js';

const LOOK_MS = 100;
const SHOWN_MS = 20_000;

let folder: string;
let nats: NatsServer;
let allocator: Service;
const owners = new Map<string, { readonly service: Service; readonly port: number }>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-readiness-'));
  nats = await startNatsServer({ dataDirectory: join(folder, 'nats') });
  allocator = service('allocator', {});
  for (const name of ['agent', 'registrar']) {
    const port = await freePort();
    owners.set(name, { service: service(name, { BERTH_METRICS_PORT: String(port) }), port });
  }
}, 60_000);

afterAll(async () => {
  for (const { service } of owners.values()) await service.abolish();
  await allocator.abolish();
  await nats.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}, 60_000);

function service(name: string, settings: Record<string, string>): Service {
  const env = {
    ...{ NATS_URL: nats.url, BERTH_REGIONS: 'eu', BERTH_REGION: 'eu' },
    ...{ BERTH_DATA: dataOf(name), BERTH_SDK_PORT: 'off', BERTH_SLOTS: '1' },
    ...{ BERTH_PORTS: '20000-20010', BERTH_COMMAND: '["sleep","1000"]', BERTH_ON_STOP: 'end' },
    ...settings,
  };
  const main = pathToFileURL(resolve(`dist/apps/${name}/src/main.js`));
  return new Service({ name, main, env, logFile: join(folder, `${name}.log`) });
}

const dataOf = (name: string) => join(folder, name);

/** Resolves when the service says exactly this of its readiness. */
async function says(name: string, wanted: RegExp): Promise<void> {
  let said = 'nothing';
  const signal = AbortSignal.timeout(SHOWN_MS);
  const look = async () => {
    while (!wanted.test(said)) {
      const url = `http://127.0.0.1:${owners.get(name)?.port}/readyz`;
      said = await fetch(url, { signal }).then(
        async (answer) => `${answer.status} ${await answer.text()}`,
        String,
      );
      await sleep(LOOK_MS, undefined, { signal });
    }
  };
  await inTime(`the ${name} says ${String(wanted)}`, look(), SHOWN_MS, () => `It says ${said}`);
}

const bothSay = (wanted: RegExp) =>
  Promise.all([...owners.keys()].map((name) => says(name, wanted)));
const READY = /^200 /;

describe('An owner of slots is not ready', () => {
  it('while no allocator has made the log', async () => {
    await Promise.all([...owners.values()].map(({ service }) => service.start()));
    await bothSay(/^503 .*the log of slots is not read yet: /);
  }, 60_000);

  it('while no allocator has recorded its slots', async () => {
    await allocator.start();
    await bothSay(READY);
    const { service } = owners.get('agent') ?? {};
    await service?.kill();
    await allocator.kill();
    await rm(dataOf('agent'), { recursive: true });
    await service?.start();
    await says('agent', /^503 .*no slot is registered: no allocator has recorded/);
    await allocator.start();
    await bothSay(READY);
  }, 90_000);

  it('while NATS is away', async () => {
    await nats.stop();
    await bothSay(/^503 .*NATS: the connection is lost; reconnecting/);
    await nats.restart();
    await bothSay(READY);
  }, 60_000);

  it('while its data folder cannot be written', async () => {
    const obstacle = (name: string) => join(dataOf(name), 'writable.new');
    for (const name of owners.keys()) await mkdir(obstacle(name));
    await bothSay(/^503 .*the data folder cannot be written: /);
    for (const name of owners.keys()) await rm(obstacle(name), { recursive: true });
    await bothSay(READY);
  }, 60_000);
});
