import { startNatsServer, type NatsServer } from '#nats-server';
import { freePort } from '#testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Service } from '../../storm/src/service.js';
import { kill, processesWith } from '../../supervision/src/processes.js';
import type { Release } from './release.js';
import type { RequesterParameters } from './requester.js';
import { FLEETS, type Tallies } from './tallies.js';

export const REGION = 'local';

/** The parts of an installation that are upgraded one by one. */
export const PARTS = [
  ...(['allocator-1', 'allocator-2', 'gateway'] as const),
  ...(['agent-1', 'agent-2', 'called', 'spare', 'registrar'] as const),
] as const;
export type Part = (typeof PARTS)[number];

/**
 * Number of slots of each agent: enough for all sessions that begin while the other one is replaced,
 * for requests of GameFabric's clients do not wait for a slot.
 */
const SLOTS = 40;
const CALLED_SLOTS = 4;
const PORTS_EACH = 250;
const LOOK_MS = 100;

const GAME = resolve('dist/examples/game-server/src/main.js');

/** A game that answers its callback, and one that costs nothing. */
const CALLED = {
  BERTH_COMMAND: JSON.stringify([
    ...[process.execPath, GAME],
    ...['--port', '{port}', '--callback-port', '{callback_port}'],
  ]),
};
const SILENT = {
  BERTH_COMMAND: JSON.stringify(['/bin/sh', '-c', 'exec sleep 1000']),
  BERTH_CALLBACK: 'none',
  BERTH_READY: 'running',
  BERTH_KEEP_WARM: 'false',
};

/** A region of which each part is a process of one version or another. */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), 'berth-versions-'));
  private readonly services = new Map<Part, Service>();
  private nats!: NatsServer;
  private gatewayUrl = '';
  private firstPort = 0;

  get url(): string {
    return this.gatewayUrl;
  }

  async start(release: Release): Promise<void> {
    this.nats = await startNatsServer({ dataDirectory: join(this.folder, 'nats') });
    this.firstPort = Math.min(await freePort(), 65_535 - 4 * PORTS_EACH);
    for (const part of PARTS) await this.replace(part, release);
    await this.untilServed(2 * SLOTS + CALLED_SLOTS + 1);
  }

  /** Ends the part in order, as a supervisor does, and starts it in this version. */
  async replace(part: Part, release: Release, isKilled = false): Promise<void> {
    const before = this.services.get(part);
    const port = part === 'gateway' ? await freePort() : 0;
    const after = this.service(part, release, port);
    this.services.set(part, after);
    // Of gateways there is always one: the load balancer sends requests to the one that is ready.
    if (part !== 'gateway') await (isKilled ? before?.abolish() : before?.stop());
    await after.start();
    if (part !== 'gateway') return;
    this.gatewayUrl = `http://127.0.0.1:${port}`;
    await before?.stop();
  }

  /** A client of this version that asks over NATS until it is told to finish. */
  async requester(name: string, release: Release): Promise<() => Promise<Tallies>> {
    const parameters: RequesterParameters = {
      client: release.module('libs/client/src/index.js').href,
      servers: this.nats.url,
      spare: await this.agentOf('spare'),
      ...{ region: REGION, name },
    };
    const service = new Service({
      name,
      main: new URL(`file://${resolve('dist/test/versions/src/requester.js')}`),
      words: [JSON.stringify(parameters)],
      logFile: this.log(name),
    });
    const told = new Promise<Tallies>((resolve) => {
      service.onMessage((message) => {
        if (typeof message === 'object') resolve(message as Tallies);
      });
    });
    await service.start();
    return async () => {
      const ended = service.ended();
      service.send({ finish: true });
      const tallies = await told;
      await ended;
      return tallies;
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.services.values()].map((service) => service.abolish()));
    await this.nats.kill();
    for (const pid of processesWith(this.folder)) kill(pid);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private service(part: Part, release: Release, port: number): Service {
    const app = part === 'spare' || part === 'called' ? 'agent' : part.replace(/-\d$/, '');
    const env = { NATS_URL: this.nats.url, LOG_LEVEL: 'warn', ...this.settings(part, port) };
    const main = release.module(`apps/${app}/src/main.js`);
    return new Service({ name: part, main, env, logFile: this.log(part) });
  }

  private settings(part: Part, port: number): Record<string, string> {
    switch (part) {
      case 'allocator-1':
      case 'allocator-2':
        return { BERTH_REGIONS: REGION };
      case 'gateway':
        return { BERTH_REGIONS: REGION, HTTP_PORT: String(port), GAMEFABRIC_FLEETS: FLEETS.silent };
      case 'registrar':
        return { BERTH_REGION: REGION, BERTH_DATA: join(this.folder, part) };
      case 'agent-1':
        return { ...this.agent(part, 0, FLEETS.silent, SLOTS), ...SILENT };
      case 'agent-2':
        return { ...this.agent(part, 1, FLEETS.silent, SLOTS), ...SILENT };
      case 'called':
        return { ...this.agent(part, 2, FLEETS.called, CALLED_SLOTS), ...CALLED };
      case 'spare':
        return { ...this.agent(part, 3, part, 1), ...SILENT };
      default:
        return part satisfies never;
    }
  }

  private agent(part: Part, index: number, fleet: string, slots: number): Record<string, string> {
    const from = this.firstPort + index * PORTS_EACH;
    return {
      BERTH_REGION: REGION,
      BERTH_AGENT: part,
      BERTH_DATA: join(this.folder, part),
      BERTH_FLEET: fleet,
      BERTH_SLOTS: String(slots),
      BERTH_PORTS: `${from}-${from + PORTS_EACH - 1}`,
      BERTH_ATTRIBUTES: `mode=${fleet}`,
      BERTH_SDK_PORT: 'off',
      BERTH_STOP_GRACE_MS: '500',
    };
  }

  /** Resolves when so many slots are free. */
  private async untilServed(count: number): Promise<void> {
    for (;;) {
      const free = (await this.slots()).filter(({ status }) => status === 'available');
      if (free.length === count) return;
      await sleep(LOOK_MS);
    }
  }

  private async agentOf(fleet: string): Promise<string> {
    const slot = (await this.slots()).find((one) => one.fleet === fleet);
    return slot?.id.split('.')[1] ?? '';
  }

  private async slots() {
    const response = await fetch(`${this.url}/v1/slots?region=${REGION}`);
    const { slots = [] } = (await response.json()) as { readonly slots?: readonly ListedSlot[] };
    return slots;
  }

  private log(name: string): string {
    return join(this.folder, `${name}.log`);
  }
}

interface ListedSlot {
  readonly id: string;
  readonly status: string;
  readonly fleet: string;
}
