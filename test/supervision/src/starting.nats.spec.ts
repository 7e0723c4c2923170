import { startNatsServer, type NatsServer } from '#nats-server';
import { WAITS } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The allocator comes first: it creates the streams that the others wait for. */
const SERVICES = ['allocator', 'gateway', 'registrar', 'agent', 'auditor'] as const;
type Service = (typeof SERVICES)[number];

let folder: string;
let server: NatsServer | undefined;
let children: Started[] = [];

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'berth-starting-'))));
afterEach(async () => {
  for (const { child } of children) child.kill('SIGKILL');
  await Promise.all(children.map(({ exit }) => exit));
  children = [];
  await server?.kill();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A service in its own process, with all its output. */
class Started {
  output = '';
  readonly ready: Promise<unknown>;
  readonly exit: Promise<number | null>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (this.output += text.toString()));
    this.ready = once(child, 'message');
    this.exit = new Promise((over) => child.once('close', over));
  }

  async says(text: string): Promise<void> {
    while (!this.output.includes(text)) await once(this.child.stdout ?? this.child, 'data');
  }

  get waits(): number {
    return this.output.split(WAITS).length - 1;
  }
}

function start(service: Service, url: string): Started {
  const env = {
    PATH: process.env['PATH'],
    NATS_URL: url,
    ...{ BERTH_REGIONS: 'eu', BERTH_REGION: 'eu', BERTH_DATA: join(folder, service) },
    ...{ BERTH_METRICS_PORT: '0', HTTP_PORT: '0', BERTH_SDK_PORT: '0', BERTH_PORTS: '20000-20010' },
    ...{ BERTH_SLOTS: '1', BERTH_COMMAND: '["sleep","1000"]' },
  };
  const main = resolve(`dist/apps/${service}/src/main.js`);
  const started = new Started(fork(main, [], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }));
  children.push(started);
  return started;
}

const startServer = (extraConfig = '') =>
  startNatsServer({ dataDirectory: join(folder, 'nats'), extraConfig });

describe('A service that is started', () => {
  it('before NATS waits, says so once for each reason, and then serves', async () => {
    server = await startServer();
    await server.stop();
    const { url } = server;
    const started = SERVICES.map((service) => start(service, url));
    await Promise.all(started.map((service) => service.says(WAITS)));
    await new Promise((later) => setTimeout(later, 1_500));
    expect(started.map(({ waits }) => waits)).toEqual(SERVICES.map(() => 1));
    await server.restart();
    await Promise.all(started.map(({ ready }) => ready));
  }, 60_000);

  it('while NATS is suspended waits, and then serves', async () => {
    server = await startServer();
    server.pause();
    const allocator = start('allocator', server.url);
    await allocator.says('NATS is not there: timeout');
    server.resume();
    await allocator.ready;
  }, 60_000);

  it('and whose log stops answering during the start tries again', async () => {
    server = await startServer();
    const line = await Line.to(server.port);
    const allocator = start('allocator', line.url);
    await allocator.says('JetStream does not answer');
    line.mend();
    await allocator.ready;
    line.close();
  }, 60_000);

  it.each(SERVICES)(
    'with credentials that are refused, %s, says so in one line',
    async (service) => {
      server = await startServer('authorization { user: berth, password: secret }');
      const refused = start(service, server.url);
      expect(await refused.exit).toBe(1);
      expect(refused.output).toMatch(
        /^berth: NATS does not let in berth-\S+ \(without credentials\): .*\n$/,
      );
    },
  );

  it.each([
    ['a user and a password', 'user: berth, password: "p:@/"', 'berth:p%3A%40%2F'],
    ['a token', 'token: secret', 'secret'],
  ])('with %s in NATS_URL serves', async (_, authorization, credentials) => {
    server = await startServer(`authorization { ${authorization} }`);
    const allocator = start('allocator', server.url.replace('//', `//${credentials}@`));
    await allocator.ready;
  });

  it('without a permission that it needs says so in one line', async () => {
    server = await startServer(
      'authorization { users: [{ user: a, password: b, permissions: { publish: "x" } }] }',
    );
    const refused = start('allocator', server.url.replace('//', '//a:b@'));
    expect(await refused.exit).toBe(1);
    expect(refused.output).toMatch(
      /^berth: NATS does not let berth-allocator-\S+ \(user "a"\) publish to \$JS\.API\S+$/m,
    );
  }, 60_000);
});

/**
 * A connection to NATS that carries nothing after the first question to JetStream, until it is
 * mended.
 */
class Line {
  private readonly sockets = new Set<Socket>();
  private isBroken = false;
  private isMended = false;

  static async to(port: number): Promise<Line> {
    const listener = createServer();
    const line = new Line(listener, port);
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    return line;
  }

  private constructor(
    private readonly listener: Server,
    port: number,
  ) {
    listener.on('connection', (near) => {
      const far = connect(port, '127.0.0.1');
      for (const socket of [near, far]) this.sockets.add(socket.on('error', () => undefined));
      near.on('data', (bytes) => {
        if (bytes.includes('$JS.API')) this.isBroken = true;
        if (this.carries) far.write(bytes);
      });
      far.on('data', (bytes) => this.carries && near.write(bytes));
    });
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** New connections are carried; what was lost on the old ones stays lost. */
  mend(): void {
    this.isMended = true;
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.mend();
    this.listener.close();
  }

  private get carries(): boolean {
    return this.isMended || !this.isBroken;
  }
}
