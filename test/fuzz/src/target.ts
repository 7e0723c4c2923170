import { freePort } from '#testing';
import { startNatsServer, type NatsServer } from '#nats-server';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The registrar's settings: callbacks time out quickly, and may only go to a network that does not
 * exist.
 */
const REGISTRAR = { BERTH_CALLBACK_MS: '100', BERTH_CALLBACK_NETWORKS: '192.0.2.0/24' };

/**
 * A gateway, an allocator, a registrar and a nats-server, each in its own process. The only slots
 * are those of servers that register themselves.
 */
export class Target {
  private constructor(
    readonly port: number,
    private readonly nats: NatsServer,
    private readonly gateway: ChildProcess,
    private readonly others: readonly ChildProcess[],
  ) {}

  static async start(folder: string): Promise<Target> {
    const nats = await startNatsServer({ dataDirectory: join(folder, 'nats') });
    const port = await freePort();
    const env = { NATS_URL: nats.url, LOG_LEVEL: 'error', HTTP_PORT: String(port) };
    const allocator = await run('allocator', folder, env);
    const gateway = await run('gateway', folder, env);
    const data = join(folder, 'registrar');
    const registrar = await run('registrar', folder, { ...env, ...REGISTRAR, BERTH_DATA: data });
    return new Target(port, nats, gateway, [registrar, allocator]);
  }

  /** Why the gateway does not run any more; null if it does. */
  endedBecause(): string | null {
    const { exitCode, signalCode } = this.gateway;
    if (exitCode === null && signalCode === null) return null;
    return `the gateway ended: ${signalCode ?? `exit code ${exitCode}`}`;
  }

  /** Resident memory of the gateway's process (MiB), according to Linux. */
  get memoryMiB(): number {
    const status = readFileSync(`/proc/${this.gateway.pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024);
  }

  async stop(): Promise<void> {
    for (const child of [this.gateway, ...this.others]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    await this.nats.stop();
  }
}

/** Starts a service; resolves when it says that it is ready. */
async function run(
  name: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const main = resolve(`dist/apps/${name}/src/main.js`);
  const log = openSync(join(folder, `${name}.log`), 'a');
  const child = fork(main, [], {
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const ended = once(child, 'exit').then(() => {
    throw new Error(
      `the ${name} did not start: ${readFileSync(join(folder, `${name}.log`), 'utf8')}`,
    );
  });
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return child;
}
