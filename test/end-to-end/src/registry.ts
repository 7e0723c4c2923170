import { startNatsServer, type NatsServer } from '#nats-server';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from './berth-dev.js';

const WITHIN_MS = 20_000;

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** A region for registered servers: nats-server, and each service in its own process. */
export class Registry {
  nats!: NatsServer;
  private data = '';
  private api = '';
  private settings: NodeJS.ProcessEnv = {};
  private readonly services = new Map<string, ChildProcess>();

  /** @param shared settings of every service */
  constructor(private readonly shared: NodeJS.ProcessEnv = {}) {}

  async start(registrar: NodeJS.ProcessEnv = {}): Promise<void> {
    this.data = await mkdtemp(join(tmpdir(), 'berth-registry-'));
    const dataDirectory = join(this.data, 'nats');
    this.nats = await startNatsServer({ dataDirectory, monitorPort: -1 });
    const [, output] = await Promise.all([this.run('allocator'), this.run('gateway')]);
    this.api = /"url":"([^"]+)"/.exec(output)?.[1] ?? '';
    this.settings = registrar;
    await this.runRegistrar();
  }

  /** The addresses of the gateway and of nats-server's monitor. */
  get doors(): { readonly gateway: string; readonly monitor: string } {
    return { gateway: new URL(this.api).host, monitor: new URL(this.nats.monitorUrl ?? '').host };
  }

  async runRegistrar(settings: NodeJS.ProcessEnv = {}): Promise<void> {
    const { gateway, monitor } = this.doors;
    await this.run('registrar', {
      BERTH_DATA: join(this.data, 'registrar'),
      BERTH_CALLBACK_NETWORKS: '127.0.0.0/8,0.0.0.0/0',
      BERTH_CALLBACK_FORBIDDEN: `${gateway},${monitor}`,
      ...this.settings,
      ...settings,
    });
  }

  /** Kills a service, like a failing machine. */
  async kill(name: string): Promise<void> {
    const child = this.services.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async ask<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const response = await fetch(`${this.api}${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }

  async dispose(): Promise<void> {
    for (const name of this.services.keys()) await this.kill(name);
    await this.nats.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Starts a service; resolves with its output when it is ready. */
  private async run(name: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const child = fork(resolve(`dist/apps/${name}/src/main.js`), [], {
      env: { ...process.env, NATS_URL: this.nats.url, HTTP_PORT: '0', ...this.shared, ...env },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.services.set(name, child);
    let output = '';
    child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
    let isReady = false;
    child.once('message', () => (isReady = true));
    await eventually(() => {
      if (child.exitCode !== null) throw new Error(`${name} ended:\n${output}`);
      return isReady && (name !== 'gateway' || output.includes('"url"'));
    }, WITHIN_MS);
    return output;
  }
}

/** How a game server answers its callback; null: not at all. */
export type Reply = ((response: ServerResponse) => void) | null;

interface Heard {
  readonly token: string | undefined;
  readonly payload: unknown;
  /** The trace that the request belongs to, if there is one. */
  readonly traceparent?: string;
}

/** A game server that registers itself, with its callback and the requests it got. */
export class SelfRegistered {
  readonly heard: Heard[] = [];
  reply: Reply = (response) => response.end('{"map":"docks"}');
  private server: Server | undefined;

  async listen(): Promise<this> {
    this.server = createServer((request, response) => void this.hear(request, response));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server?.address() as AddressInfo).port;
  }

  get url(): string {
    return `127.0.0.1:${this.port}/allocate`;
  }

  close(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { authorization: token, traceparent } = request.headers;
    const payload = JSON.parse(body) as unknown;
    this.heard.push({ token, payload, ...(typeof traceparent === 'string' && { traceparent }) });
    this.reply?.(response);
  }
}
