import { startNatsServer, type NatsServer } from '#nats-server';
import { ManualClock } from '#memory';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityNamed } from '#permissions';
import { program } from '../program.js';
import { AccessFolder } from './access-folder.js';
import { admission } from './admission.js';
import { Invitations } from './invitations.js';
import { reloadServer } from './reload-server.js';

const MINUTE = 60_000;

let root: string;
let folder: string;
let clock: ManualClock;
let door: Server;
let url: string;
let told: string[];
let reloads: number;
let reload: () => void;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'berth-admission-'));
  folder = join(root, 'access');
  clock = new ManualClock(Date.UTC(2026, 0, 1));
  told = [];
  reloads = 0;
  await berth('nats', 'config', '--folder', folder);
  const options = { folder, clock, tell: (line: string) => told.push(line) };
  reload = () => (reloads += 1);
  door = await admission({ ...options, reload: () => reload() });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
});
afterEach(async () => {
  door.close();
  await rm(root, { recursive: true });
});

async function berth(...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  await program((text) => printed.push(text)).parseAsync(words, { from: 'user' });
  return printed.join('\n');
}

async function invite(name = 'm1', forMs = 15 * MINUTE): Promise<string> {
  const access = await AccessFolder.open(folder);
  const { role, regions } = identityNamed('agent', name, ['local']);
  const wanted = { role, name, regions: [...regions] };
  return new Invitations(access, clock).invite(wanted, forMs);
}

async function joinWith(secret: string, into = 'machine'): Promise<string> {
  await writeFile(join(root, 'secret'), `${secret}\n`);
  const at = ['--secret-file', join(root, 'secret'), '--into', join(root, into)];
  return berth('join', url, ...at);
}

describe('A machine with an invitation', () => {
  it('enrolls itself under the name it was given, with a key that it made', async () => {
    expect(await joinWith(await invite())).toContain('enrolled as m1');
    const settings = await readFile(join(root, 'machine', 'm1.env'), 'utf8');
    expect(settings).toContain('BERTH_MACHINE=m1\n');
    expect(settings).toContain('BERTH_REGION=local\n');
    expect((await stat(join(root, 'machine', 'm1.nk'))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'seeds'))).not.toContain('m1.nk');
    expect(told).toEqual(['agent m1 is let in, from 127.0.0.1']);
    expect(reloads).toBe(1);
  });

  it('is let in by nats-server then', async () => {
    await joinWith(await invite());
    const extraConfig = 'include "../access/accounts.conf"';
    const server: NatsServer = await startNatsServer({
      ...{ dataDirectory: join(root, 'nats'), extraConfig },
    });
    const seed = (await readFile(join(root, 'machine', 'm1.nk'), 'utf8')).trim();
    const authenticator = nkeyAuthenticator(Buffer.from(seed));
    const connection = await connect({ servers: server.url, authenticator, reconnect: false });
    await connection.close();
    await server.kill();
  });

  it('enrolls once: whoever shows the secret again is refused, and both sides are told', async () => {
    const secret = await invite();
    await joinWith(secret);
    await expect(joinWith(secret, 'thief')).rejects.toThrow(
      'the invitation of m1 was used at 2026-01-01T00:00:00.000Z: if that was not you',
    );
    expect(told[1]).toContain('refused, from 127.0.0.1: the invitation of m1 was used');
    const { identities } = await AccessFolder.open(folder);
    expect(identities.find(({ name }) => name === 'm1')?.nkeys).toHaveLength(1);
  });

  it('is let in where nats-server cannot be reloaded; the operator is told', async () => {
    reload = () => reloadServer(join(root, 'nats.pid'));
    await writeFile(join(root, 'nats.pid'), '');
    expect(await joinWith(await invite())).toContain('enrolled as m1');
    expect(told[1]).toMatch(/^nats-server must be reloaded by hand: .*nats.pid has no process id$/);
  });

  it('keeps it where the certificates cannot be read that it is to be sent', async () => {
    const secret = await invite();
    const access = await AccessFolder.open(folder);
    access.setServers('tls://127.0.0.1:4222', join(root, 'ca.crt'));
    await access.save();
    await expect(joinWith(secret)).rejects.toThrow('cannot be served');
    await writeFile(join(root, 'ca.crt'), 'certificates');
    await joinWith(secret);
    expect(await readFile(join(root, 'machine', 'm1.ca.pem'), 'utf8')).toBe('certificates');
  });

  it('is sent its JWT where there is an operator, and puts it beside its own seed', async () => {
    await rm(folder, { recursive: true });
    await berth('nats', 'config', '--operator', '--folder', folder);
    await joinWith(await invite());
    const creds = await readFile(join(root, 'machine', 'm1.creds'), 'utf8');
    expect(creds).toMatch(/BEGIN NATS USER JWT[^]*BEGIN USER NKEY SEED-*\nSU/);
    const settings = await readFile(join(root, 'machine', 'm1.env'), 'utf8');
    expect(settings).toContain(`NATS_CREDS_FILE=${join(root, 'machine', 'm1.creds')}\n`);
    expect(settings).toContain('BERTH_MACHINE=m1\n');
    expect(await readdir(join(root, 'machine'))).not.toContain('m1.nk');
  }, 60_000);

  it('says so where another server answers', async () => {
    const other = createServer((_, response) => response.end('<html>'));
    other.listen(0, '::1');
    await once(other, 'listening');
    url = `http://[::1]:${(other.address() as AddressInfo).port}`;
    await expect(joinWith(await invite())).rejects.toThrow('is not berth nats admit');
    other.close();
  });

  it('that comes too late is refused', async () => {
    const secret = await invite();
    clock.advance(15 * MINUTE);
    await expect(joinWith(secret)).rejects.toThrow('the invitation of m1 has expired');
    expect((await AccessFolder.open(folder)).find('m1')).toBeUndefined();
  });

  it('has only the last one it was sent', async () => {
    const first = await invite();
    await joinWith(await invite());
    await expect(joinWith(first, 'again')).rejects.toThrow('there is no such invitation');
  });
});

describe('Who has none', () => {
  it.each([
    ['{"secret":"x","publicKey":"UA"}', 403],
    ['{"secret":1}', 400],
    ['[', 400],
    ['', 400],
  ])('is refused with %s', async (body, status) => {
    expect((await fetch(url, { method: 'POST', body })).status).toBe(status);
    expect(reloads).toBe(0);
  });

  it('is not sent a secret in clear: neither command uses HTTP beyond this machine', async () => {
    for (const host of ['ops.example', '127.ops.example']) {
      await expect(berth('join', `http://${host}`, '--secret-file', 'x')).rejects.toThrow(
        'in clear',
      );
    }
    await expect(berth('nats', 'admit', '--host', '0.0.0.0')).rejects.toThrow('in clear');
  });
});

describe('berth enroll --invite', () => {
  it('prints a secret that no file has, and lets nobody in yet', async () => {
    const secret = await berth('enroll', 'm2', '--invite', '15m', '--folder', folder);
    expect(secret).toMatch(/^[\w-]{32}$/);
    for (const name of ['invitations.json', 'identities.json', 'accounts.conf']) {
      expect(await readFile(join(folder, name), 'utf8')).not.toContain(secret);
    }
    expect((await AccessFolder.open(folder)).find('m2')).toBeUndefined();
  });
});
