import { findNatsServer, startNatsServer, type NatsServer } from '#nats-server';
import {
  connect,
  credsAuthenticator,
  nkeyAuthenticator,
  nkeys,
  type Authenticator,
  type NatsConnection,
} from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { everyCommand } from '../commands.js';
import { program } from '../program.js';

// Signatures are slow in the tests' sandbox.
jest.setTimeout(60_000);

const DAY_MS = 24 * 3_600_000;

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'berth-access-'));
  folder = join(root, 'access');
});
afterEach(() => rm(root, { recursive: true }));

async function berth(...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const command = program((text) => printed.push(text));
  for (const { command: one } of everyCommand(command)) {
    one.exitOverride().configureOutput({ writeErr: () => {} });
  }
  await command.parseAsync([...words, '--folder', folder], { from: 'user' });
  return printed.join('\n');
}

const textOf = (...path: readonly string[]) => readFile(join(folder, ...path), 'utf8');

/** Fails by the test's own deadline. */
async function eventually(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(20);
}

/** nats-server reads a configuration and says whether it is one. */
async function isAccepted(file: string): Promise<string> {
  const { path } = await findNatsServer(process.env);
  const { stderr } = await promisify(execFile)(path, ['-t', '-c', join(folder, file)]);
  return stderr;
}

describe('berth nats config', () => {
  it('writes a configuration that nats-server accepts, and secrets that only their owner can read', async () => {
    await berth('nats', 'config', '--store', join(root, 'store'));
    expect(await isAccepted('nats-1.conf')).toContain('is valid');
    const seeds = await readdir(join(folder, 'seeds'));
    expect(seeds.sort()).toEqual(
      ['allocator', 'auditor', 'gateway', 'matchmaker', 'operator', 'registrar'].map(
        (n) => `${n}.nk`,
      ),
    );
    for (const seed of seeds) {
      expect((await stat(join(folder, 'seeds', seed))).mode & 0o777).toBe(0o600);
    }
    const conf = (await textOf('accounts.conf')) + (await textOf('nats-1.conf'));
    expect(conf).not.toMatch(/\bSU[A-Z2-7]{20}/);
    expect(conf).toContain('"sync_interval": "always"');
  });

  it('writes three servers that know each other', async () => {
    await berth('nats', 'config', '--servers', 'n1,n2,n3', '--regions', 'eu,us');
    for (const file of ['nats-1.conf', 'nats-2.conf', 'nats-3.conf']) {
      expect(await isAccepted(file)).toContain('is valid');
    }
    expect(await textOf('nats-1.conf')).toMatch(/nats-route:\/\/route:[\w-]+@n2:6222/);
    expect(await textOf('settings', 'gateway.env')).toContain(
      'NATS_URL=nats://n1:4222,nats://n2:4222,nats://n3:4222\n',
    );
    expect(await readdir(join(folder, 'seeds'))).toContain('registrar-us.nk');
  });

  it('keeps the keys when it runs again, and adds regions', async () => {
    await berth('nats', 'config');
    const before = await textOf('seeds', 'gateway.nk');
    await berth('nats', 'config', '--regions', 'local,eu');
    expect(await textOf('seeds', 'gateway.nk')).toBe(before);
    expect(await textOf('accounts.conf')).toContain('"usage.eu.*"');
  });

  it.each([
    ['--servers', 'a,b'],
    ['--regions', 'a.b'],
    ['--tls-cert', 'a.crt'],
  ])('refuses %s %s', (...words) => expect(berth('nats', 'config', ...words)).rejects.toThrow());
});

describe('berth nats config --operator', () => {
  it('writes an operator, its accounts and credentials, which nats-server accepts', async () => {
    await berth('nats', 'config', '--operator', '--store', join(root, 'store'));
    expect(await isAccepted('nats-1.conf')).toContain('is valid');
    const conf = (await textOf('accounts.conf')) + (await textOf('identities.json'));
    expect(conf).not.toMatch(/\bS[UAO][A-Z2-7]{20}/);
    for (const kept of ['operator/operator.nk', 'operator/EDGE.nk', 'creds/gateway.creds']) {
      expect((await stat(join(folder, kept))).mode & 0o777).toBe(0o600);
    }
    expect(await textOf('settings', 'gateway.env')).toContain(
      `NATS_CREDS_FILE=${join(folder, 'creds', 'gateway.creds')}\n`,
    );
  });

  it('keeps credentials when it runs again, and adds regions to what they allow', async () => {
    await berth('nats', 'config', '--operator');
    const before = await textOf('creds', 'gateway.creds');
    await berth('nats', 'config', '--regions', 'local,eu');
    expect(await textOf('creds', 'gateway.creds')).toBe(before);
    expect(await claimsOf('EDGE')).toContain('"usage.eu.*"');
  });

  it('gives whoever is in the folder already a credentials file for the newest of its keys', async () => {
    await berth('nats', 'config', '--store', join(root, 'store'));
    await berth('enroll', 'm1', '--again');
    await berth('enroll', 'gateway', '--role', 'gateway', '--again');
    const elsewhere = nkeys.createUser().getPublicKey();
    await berth('enroll', 'm2', '--public-key', elsewhere);
    const seed = (await textOf('seeds', 'gateway.nk')).trim();
    const said = await berth('nats', 'config', '--operator', '--store', join(root, 'store'));
    expect(said).toMatch(/mv .*store\/jetstream\/BERTH/);
    expect(said).toMatch(/store\/jetstream\/A[A-Z2-7]{55}/);
    expect(await textOf('creds', 'gateway.creds')).toContain(seed);
    expect(await textOf('creds', 'm2.creds')).toContain('\nput-the-seed-here\n');
    expect(await isAccepted('nats-1.conf')).toContain('is valid');
    const listed = JSON.parse(await berth('nats', 'identities', '--json')) as { nkeys: string[] }[];
    expect(listed.map(({ nkeys }) => nkeys.length)).toEqual(listed.map(() => 1));
    expect(await berth('nats', 'config', '--operator')).not.toContain('mv ');
  });

  it('lets credentials end, after half a year or as is said, and lists when', async () => {
    await expect(berth('nats', 'config', '--expires', '90d')).rejects.toThrow('of an operator');
    await berth('nats', 'config', '--operator');
    expect(await daysLeft('gateway')).toBe(180);
    await berth('nats', 'config', '--expires', '90d');
    expect(await daysLeft('gateway')).toBe(180);
    await berth('enroll', 'm1');
    expect(await daysLeft('m1')).toBe(90);
    const day = new Date(Date.now() + 90 * DAY_MS).toISOString().slice(0, 10);
    expect(await berth('nats', 'identities')).toContain(day);
  });

  async function daysLeft(name: string): Promise<number> {
    const [jwt = ''] =
      /ey[\w-]+\.[\w-]+\.[\w-]+/.exec(await textOf('creds', `${name}.creds`)) ?? [];
    const claims = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString();
    const { exp } = JSON.parse(claims) as { readonly exp: number };
    return Math.round((exp * 1_000 - Date.now()) / DAY_MS);
  }

  it('leaves a place for the seed of a key that was made elsewhere', async () => {
    await berth('nats', 'config', '--operator');
    const key = nkeys.createUser().getPublicKey();
    await berth('enroll', 'm1', '--public-key', key);
    const creds = await textOf('creds', 'm1.creds');
    expect(creds).toContain('\nput-the-seed-here\n');
    expect(creds).not.toMatch(/^SU/m);
    await expect(berth('enroll', 'm2', '--public-key', 'SUAX')).rejects.toThrow('public NKey');
  });

  /** What the file for nats-server says of an account. */
  async function claimsOf(account: string): Promise<string> {
    const jwts = (await textOf('accounts.conf')).match(/ey[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
    const claims = jwts.map((jwt) => Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    return claims.find((text) => text.includes(`"name":"${account}"`)) ?? '';
  }
});

describe('berth enroll', () => {
  it('gives a machine its exact name, once', async () => {
    await berth('nats', 'config');
    await berth('enroll', 'm1');
    expect(await textOf('settings', 'm1.env')).toMatch(/BERTH_REGION=local\nBERTH_MACHINE=m1\n/);
    await expect(berth('enroll', 'm1')).rejects.toThrow('m1 is there already');
    await expect(berth('enroll', 'gateway', '--again')).rejects.toThrow('as gateway');
    await expect(berth('enroll', 'm.1')).rejects.toThrow('cannot be a name');
  });

  it('accepts a public key, so that the seed stays on the machine', async () => {
    await berth('nats', 'config');
    const key = nkeys.createUser().getPublicKey();
    await berth('enroll', 'm1', '--public-key', key);
    expect(await textOf('accounts.conf')).toContain(key);
    expect(await readdir(join(folder, 'seeds'))).not.toContain('m1.nk');
    await expect(berth('enroll', 'm2', '--public-key', 'SUAX')).rejects.toThrow('public NKey');
    const both = ['--public-key', key, '--invite', '15m'];
    await expect(berth('enroll', 'm2', ...both)).rejects.toThrow('cannot be used with');
  });
});

describe.each([
  ['NKeys', [], 'seeds/m1.nk'],
  ['an operator', ['--operator'], 'creds/m1.creds'],
])('A server with that configuration, by %s,', (_, options, loginFile) => {
  let server: NatsServer;
  let open: NatsConnection[];
  beforeEach(async () => {
    open = [];
    await berth('nats', 'config', ...options);
    await berth('enroll', 'm1');
    // A path is taken from where the including file is.
    const extraConfig = `include "../access/accounts.conf"`;
    server = await startNatsServer({ dataDirectory: join(root, 'nats'), extraConfig });
  });
  afterEach(async () => {
    for (const connection of open) await connection.close();
    await server.kill();
  });

  async function authenticator(): Promise<Authenticator> {
    const text = await textOf(loginFile);
    const isSeed = loginFile.endsWith('.nk');
    return isSeed
      ? nkeyAuthenticator(Buffer.from(text.trim()))
      : credsAuthenticator(Buffer.from(text));
  }

  async function login(): Promise<NatsConnection> {
    const options = { authenticator: await authenticator(), reconnect: false };
    const connection = await connect({ servers: server.url, inboxPrefix: '_INBOX_m1', ...options });
    open.push(connection);
    return connection;
  }

  const refusals = async () => (await readFile(server.logFile, 'utf8')).match(/Violation.*/g) ?? [];

  it('refuses logins without a key', async () => {
    await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow(
      'Authorization',
    );
  });

  it('has nothing to say against it', async () => {
    expect(await readFile(server.logFile, 'utf8')).not.toContain('[WRN]');
  });

  it('lets a machine publish for itself, and for no other', async () => {
    const m1 = await login();
    m1.publish('beat.local.m1', '{}');
    await m1.flush();
    expect(await refusals()).toEqual([]);
    m1.publish('beat.local.m2', '{}');
    await m1.flush();
    await eventually(async () => (await refusals()).length === 1);
    expect((await refusals()).join()).toContain('beat.local.m2');
  });

  it('accepts a new key beside the old one, until the old one is revoked', async () => {
    const old = await authenticator();
    await berth('enroll', 'm1', '--again');
    process.kill(server.pid, 'SIGHUP');
    await eventually(async () =>
      (await readFile(server.logFile, 'utf8')).includes('Reloaded server'),
    );
    await login();
    const before = { authenticator: old, reconnect: false };
    const still = await connect({ servers: server.url, ...before });
    const ended = still.closed();
    await berth('nats', 'revoke', 'm1', '--older');
    process.kill(server.pid, 'SIGHUP');
    await ended;
    await expect(connect({ servers: server.url, ...before })).rejects.toThrow('Authorization');
    await login();
  });
});
