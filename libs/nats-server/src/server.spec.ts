import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DataDirectoryInUse,
  findNatsServer,
  NatsServerFailed,
  PortTaken,
  startNatsServer,
  type NatsServer,
  type NatsServerOptions,
} from './index.js';
import { layoutOf } from './configuration.js';
import { lookWhetherReady } from './ready.js';
import { poll } from './waiting.js';

const readyMsMax = 10_000;

/** What `/varz` says of JetStream; `sync_always` is missing if it is false. */
interface Varz {
  readonly jetstream: { readonly config: { readonly sync_always?: boolean } };
}

let dataDirectory: string;
let cleanups: (() => unknown)[];

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'berth-nats-server-'));
  cleanups = [() => rm(dataDirectory, { recursive: true, force: true })];
});

afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function start(options: Partial<NatsServerOptions> = {}): Promise<NatsServer> {
  const server = await startNatsServer({ dataDirectory, ...options });
  cleanups.push(() => server.kill());
  return server;
}

async function connectTo({ url }: NatsServer): Promise<NatsConnection> {
  const connection = await connect({ servers: url, reconnect: false });
  cleanups.push(() => connection.close());
  return connection;
}

/** Listens on a free port, as another program would. */
async function occupyPort(): Promise<number> {
  const occupier: Server = createServer().listen(0, '127.0.0.1');
  cleanups.push(() => occupier.close());
  await once(occupier, 'listening');
  return (occupier.address() as AddressInfo).port;
}

describe('A nats-server', () => {
  it('accepts connections at its url once it has started, with JetStream', async () => {
    const server = await start();
    const connection = await connectTo(server);
    expect(connection.info).toMatchObject({
      port: server.port,
      version: server.version,
      jetstream: true,
    });
    expect(server.url).toBe(`nats://127.0.0.1:${server.port}`);
    expect(server.version).toBe((await findNatsServer(process.env)).version);
    expect(server.monitorUrl).toBeUndefined();
  });

  it('uses its name, its monitoring port and further configuration', async () => {
    const server = await start({
      name: 'harbour',
      monitorPort: -1,
      extraConfig: 'max_connections: 7',
    });
    const reply = await fetch(`${server.monitorUrl}/varz`);
    expect(await reply.json()).toMatchObject({
      server_name: 'harbour',
      max_connections: 7,
    });
  });

  it.each([
    [undefined, 'sync_interval: always', true],
    [false, undefined, undefined],
  ])('syncs before it acknowledges, unless set otherwise: %s', async (given, line, told) => {
    const server = await start({
      monitorPort: -1,
      ...(given === undefined ? {} : { syncAlways: given }),
    });
    const written = await readFile(join(dataDirectory, 'nats-server.conf'), 'utf8');
    expect(/sync_interval: .*/.exec(written)?.[0]).toBe(line);
    const reply = await fetch(`${server.monitorUrl}/varz`);
    const { jetstream: seen } = (await reply.json()) as Varz;
    expect(seen.config.sync_always).toBe(told);
  });

  it('runs in a process group of its own, so that Ctrl-C does not reach it', async () => {
    const { pid } = await start();
    expect(process.kill(-pid, 0)).toBe(true);
  });

  it('shuts down cleanly when it is stopped, any number of times', async () => {
    const server = await start();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(await readFile(server.logFile, 'utf8')).toContain('JetStream Shutdown');
  });

  it('ends at once when it is killed, and has its data and port after a restart', async () => {
    const server = await start();
    const before = await connectTo(server);
    const manager = await jetstreamManager(before);
    await manager.streams.add({ name: 'LOG', subjects: ['log.>'] });
    await jetstream(before).publish('log.first', 'kept');

    const { port, pid } = server;
    await server.kill();
    expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await server.restart();
    expect(server.port).toBe(port);
    expect(server.pid).not.toBe(pid);

    const after = await jetstreamManager(await connectTo(server));
    const stored = await after.streams.getMessage('LOG', { seq: 1 });
    expect(stored?.string()).toBe('kept');
  });

  it('stays down after a stop during a restart', async () => {
    const server = await start();
    await Promise.all([server.restart(), server.stop()]);
    await expect(connectTo(server)).rejects.toThrow();
  });

  it('answers nothing while it is paused, and continues when it is resumed', async () => {
    const server = await start();
    const connection = await connectTo(server);
    const answers: string[] = [];
    server.pause();
    const state = async (): Promise<true | undefined> => (await isStopped(server)) || undefined;
    expect(await poll(state, readyMsMax)).toBe(true);
    const answered = connection.flush().then(() => answers.push('pong'));
    await Promise.race([answered, sleep(100)]);
    expect(answers).toEqual([]);
    server.resume();
    await answered;
    expect(answers).toEqual(['pong']);
  });

  it('shuts down cleanly even while it is paused', async () => {
    const server = await start();
    server.pause();
    await server.stop();
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });
});

describe('Starting a nats-server', () => {
  it('names the port that is taken', async () => {
    const port = await occupyPort();
    const failure = await start({ port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PortTaken);
    expect(failure).toMatchObject({ port, message: expect.stringContaining(`Port ${port}`) });
  });

  it('names the monitoring port that is taken', async () => {
    const monitorPort = await occupyPort();
    await expect(start({ monitorPort })).rejects.toMatchObject({
      name: 'PortTaken',
      port: monitorPort,
    });
  });

  it('shows the end of its output if the server ends early, and leaves the folder free', async () => {
    const failure = await start({ extraConfig: 'max_connections: many' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(NatsServerFailed);
    expect((failure as NatsServerFailed).logTail).toContain('nats-server.conf:');
    expect((failure as NatsServerFailed).message).toContain('nats-server.conf:');
    await start();
  });

  it('fails if the binary cannot be run', async () => {
    const path = join(dataDirectory, 'missing');
    const binary = { path, version: '2.11.0', origin: 'path' } as const;
    await expect(start({ binary })).rejects.toBeInstanceOf(NatsServerFailed);
  });

  it('refuses a data folder that the server of a living process uses', async () => {
    const server = await start();
    await expect(start()).rejects.toBeInstanceOf(DataDirectoryInUse);
    await server.stop();
    await start();
  });
});

describe('A nats-server left behind by a killed run', () => {
  it.each(['running', 'paused'])('is ended before the next one starts, while %s', async (state) => {
    const leftover = await leaveBehind();
    const ended = once(leftover, 'exit');
    if (state === 'paused') leftover.kill('SIGSTOP');

    const server = await start();
    expect(await ended).toEqual([0, null]);
    expect(server.pid).not.toBe(leftover.pid);
  });

  it('is not confused with another process that has got its process id', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    cleanups.push(() => stranger.kill('SIGKILL'));
    await once(stranger, 'spawn');
    await writeFile(layoutOf(dataDirectory).pidFile, String(stranger.pid));
    await start();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });
});

/** Runs a server on the data folder as if a process that is dead by now had started it. */
async function leaveBehind(): Promise<ChildProcess> {
  const first = await start();
  await first.stop();
  const layout = layoutOf(first.dataDirectory);
  const { path } = await findNatsServer(process.env);
  const leftover = spawn(path, ['--config', layout.configFile], { stdio: 'ignore' });
  cleanups.push(() => leftover.kill('SIGKILL'));
  await once(leftover, 'spawn');
  const pid = leftover.pid as number;
  const look = (): ReturnType<typeof lookWhetherReady> =>
    lookWhetherReady(layout.portsDirectory, path, pid, '127.0.0.1');
  expect(await poll(look, readyMsMax)).toBeDefined();
  await symlink('1 the-start-of-a-dead-process', layout.ownerLink);
  return leftover;
}

/** Whether the process is stopped: state T of ps(1). */
async function isStopped({ pid }: NatsServer): Promise<boolean> {
  const ps = spawn('ps', ['-o', 'state=', '-p', String(pid)]);
  let state = '';
  ps.stdout.on('data', (chunk: Buffer) => (state += chunk.toString()));
  await once(ps, 'close');
  return state.trim().startsWith('T');
}
