import { BerthClient } from '#client';
import { startNatsServer, type NatsServer } from '#nats-server';
import { SystemClock } from '#service-runtime';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

let folder: string;
let server: NatsServer;
const started: { readonly child: ChildProcess; readonly exit: Promise<unknown> }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-login-'));
  server = await startNatsServer({
    dataDirectory: join(folder, 'nats'),
    extraConfig: users('old'),
  });
});

afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.map(({ exit }) => exit));
  await server.kill();
  await rm(folder, { recursive: true, force: true });
});

const USERS = ['allocator', 'agent', 'matchmaker'];

/** All users with one password, and one who may do nothing. */
function users(password: string): string {
  const all = USERS.map((user) => `{ user: ${user}, password: ${password} }`);
  const deny = 'permissions: { publish: "nothing", subscribe: "_INBOX.>" }';
  const deaf = 'permissions: { publish: ">", subscribe: { deny: ["allocate.>"] } }';
  all.push(`{ user: nobody, password: ${password}, ${deny} }`);
  all.push(`{ user: deaf, password: ${password}, ${deaf} }`);
  return `authorization { users: [${all.join(', ')}] }`;
}

/** Replaced as a whole, as secrets are: nobody reads half of one. */
async function passwordFile(user: string, password: string): Promise<string> {
  const path = join(folder, `${user}.password`);
  await writeFile(`${path}.new`, `${password}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return path;
}

async function loginOf(user: string, password = 'old') {
  const file = await passwordFile(user, password);
  return { NATS_URL: server.url, NATS_USER: user, NATS_PASSWORD_FILE: file };
}

function start(service: string, env: NodeJS.ProcessEnv) {
  const settings = {
    PATH: process.env['PATH'],
    ...{ BERTH_REGIONS: 'eu', BERTH_REGION: 'eu', BERTH_DATA: join(folder, service) },
    ...{ BERTH_SDK_PORT: 'off', BERTH_PORTS: '20100-20199', BERTH_SLOTS: '2' },
    ...{ BERTH_COMMAND: '["sleep","1000"]', BERTH_CALLBACK: 'none', BERTH_READY: 'running' },
    ...{ BERTH_KEEP_WARM: 'false', ...env },
  };
  const main = resolve(`dist/apps/${service}/src/main.js`);
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
  const child = fork(main, [], { env: settings, stdio: [...stdio] });
  const said = { out: '', err: '' };
  child.stdout?.on('data', (text: Buffer) => (said.out += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (said.err += text.toString()));
  const exit = new Promise<number | null>((over) => child.once('close', over));
  started.push({ child, exit });
  return { said, exit, ready: once(child, 'message') };
}

async function berth(words: readonly string[], env: NodeJS.ProcessEnv) {
  const main = resolve('dist/apps/cli/src/main.js');
  return new Promise<{ readonly code: number; readonly err: string }>((over) => {
    const options = { env: { PATH: process.env['PATH'], ...env } };
    execFile(process.execPath, [main, ...words], options, (error, _, err) =>
      over({ code: error === null ? 0 : Number(error.code), err }),
    );
  });
}

/** A command that connects to NATS itself. */
const VERIFY = ['audit', 'verify', '--region', 'eu'];

describe('A command', () => {
  it('with a wrong password says so in one line, and as whom', async () => {
    const wrong = await loginOf('nobody', 'wrong');
    const { code, err } = await berth(VERIFY, wrong);
    expect(code).toBe(3);
    expect(err).toMatch(
      /^berth: NATS does not let in berth-audit \(user "nobody"\): .*Authorization Violation.*\n$/,
    );
  });

  it('that may not ask says so in one line, and not that nobody answers', async () => {
    const { code, err } = await berth(VERIFY, await loginOf('nobody'));
    const line =
      'NATS does not let berth-audit (user "nobody") publish to $JS.API.STREAM.INFO.SLOTS_eu';
    expect({ code, err }).toEqual({ code: 3, err: `berth: ${line}\n` });
  });

  it('with two ways to log in says so in one line', async () => {
    const login = { ...(await loginOf('nobody')), NATS_NKEY_FILE: '/nowhere' };
    const { code, err } = await berth(VERIFY, login);
    expect(code).toBe(2);
    expect(err).toMatch(/^berth: there are 2 ways to log in to NATS, keep one: .*\n$/);
  });
});

describe('A service', () => {
  it('that may not hear what it serves ends with one plain line', async () => {
    const { said, exit } = start('allocator', await loginOf('deaf'));
    expect(await exit).toBe(1);
    expect(said.err).toMatch(
      /^berth: NATS does not let berth-allocator-\S+ \(user "deaf"\) subscribe to allocate\.eu\n$/,
    );
  }, 60_000);

  it('uses a new password without a restart, and no request fails meanwhile', async () => {
    const allocator = start('allocator', await loginOf('allocator'));
    await allocator.ready;
    const agent = start('agent', await loginOf('agent'));
    await agent.ready;
    const { NATS_USER: user, NATS_PASSWORD_FILE: file } = await loginOf('matchmaker');
    const login = { user, passwordFile: file };
    const client = await BerthClient.connect({ servers: server.url, login });
    let isOver = false;
    let served = 0;
    const load = [1, 2].map(async () => {
      while (!isOver) {
        const { allocationId } = await client.allocate({ region: 'eu', waitMs: 10_000 });
        await client.deallocate({ region: 'eu', allocationId });
        served += 1;
      }
    });
    const clock = new SystemClock();
    const rotate = async (password: string) => {
      const before = served;
      for (const each of USERS) await passwordFile(each, password);
      await server.reload(users(password));
      while (served < before + 10) await clock.sleep(50);
    };
    const rotations = (async () => {
      for (const password of ['new', 'newer']) await rotate(password);
      // The server knows the new password first: until the file has it, nobody is let in.
      await server.reload(users('newest'));
      await clock.sleep(1_500);
      await rotate('newest');
    })();
    await Promise.race([rotations, Promise.all(load)]);
    isOver = true;
    await Promise.all(load);
    await client.close();
    expect(served).toBeGreaterThanOrEqual(30);
    expect(allocator.said.out).toContain('NATS does not let in berth-allocator');
    expect(allocator.said.out).not.toMatch(/\n\s+at /);
  }, 120_000);
});
