import { startNatsServer, type NatsServer } from '#nats-server';
import { TestAuthority } from '#testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { nkeys, type NatsConnection } from '@nats-io/transport-node';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectNats, type ConnectNats } from './connect.js';
import { CredentialsRefused, TlsRefused } from './start-failure.js';
import { LoginInvalid } from './secret-file.js';
import { anOperator } from '../../test/support/operator.js';

let folder: string;
let authority: TestAuthority;
let server: NatsServer | undefined;
let connection: NatsConnection | undefined;
const warnings: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-login-'));
  authority = await TestAuthority.in(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await connection?.close();
  await server?.kill();
  warnings.length = 0;
});

let servers = 0;
async function serverWith(extraConfig: string): Promise<NatsServer> {
  servers += 1;
  server = await startNatsServer({ dataDirectory: join(folder, `nats-${servers}`), extraConfig });
  return server;
}

async function file(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

async function connectTo(url: string, login: ConnectNats['login']): Promise<NatsConnection> {
  const onWarning = (text: string) => void warnings.push(text);
  const name = 'berth-spec';
  connection = await connectNats({ servers: url, name, login, onWarning, timeout: 5_000 });
  return connection;
}

async function userOf({ info }: NatsConnection): Promise<string> {
  return (await connection?.request('$SYS.REQ.USER.INFO'))?.string() ?? JSON.stringify(info);
}

async function tlsServer(extra = '', more = ''): Promise<NatsServer> {
  const { cert, key } = await authority.sign('server', 'IP:127.0.0.1,DNS:nats.test');
  return serverWith(`tls { cert_file: "${cert}", key_file: "${key}"\n${extra} }\n${more}`);
}

const overTls = (url: string) => url.replace('nats:', 'tls:');

describe('A program logs in to NATS with', () => {
  it('a user and the password in a file', async () => {
    const { url } = await serverWith('authorization { users: [{ user: m1, password: "s: e" }] }');
    const passwordFile = await file('password', 's: e\n');
    expect(await userOf(await connectTo(url, { user: 'm1', passwordFile }))).toContain(
      '"user":"m1"',
    );
  });

  it('a user and the password, both in files', async () => {
    const { url } = await serverWith('authorization { users: [{ user: m1, password: se }] }');
    const [userFile, passwordFile] = [await file('user', 'm1\n'), await file('password', 'se')];
    await connectTo(url, { userFile, passwordFile });
  });

  it('an NKey', async () => {
    const user = nkeys.createUser();
    const { url } = await serverWith(`authorization { users: [{ nkey: ${user.getPublicKey()} }] }`);
    const nkeyFile = await file('seed', `${Buffer.from(user.getSeed()).toString()}\n`);
    await connectTo(url, { nkeyFile });
  });

  it('a credentials file', async () => {
    const operator = anOperator();
    const { url } = await serverWith(operator.config);
    const credsFile = await file('creds', operator.credentialsOf('m1'));
    expect(await userOf(await connectTo(url, { credsFile }))).toContain('"U');
  });

  it('a certificate', async () => {
    const { cert, key } = await authority.sign('client', 'email:m1@berth');
    const { url } = await tlsServer(
      `ca_file: "${authority.caFile}"\n verify_and_map: true`,
      'authorization { users: [{ user: "m1@berth" }] }',
    );
    const { caFile } = authority;
    await connectTo(overTls(url), { caFile, certFile: cert, keyFile: key });
  });

  it('an inbox prefix of its own', async () => {
    const { url } = await serverWith(
      'authorization { users: [{ user: m1, password: se, permissions: ' +
        '{ publish: ">", subscribe: "_INBOX_m1.>" } }] }',
    );
    const passwordFile = await file('password', 'se');
    const login = { user: 'm1', passwordFile, inboxPrefix: '_INBOX_m1' };
    expect(await userOf(await connectTo(url, login))).toContain('"_INBOX_m1.');
  });
});

describe('TLS', () => {
  it('is required by tls://: a server without it is refused', async () => {
    const { url } = await serverWith('');
    const connecting = connectTo(overTls(url), {});
    await expect(connecting).rejects.toThrow(TlsRefused);
    await expect(connecting).rejects.toThrow('NATS does not offer TLS');
    await connectTo(url, {});
  });

  it('is required if trusted authorities are set', async () => {
    const { url } = await serverWith('');
    await expect(connectTo(url, { caFile: authority.caFile })).rejects.toThrow(TlsRefused);
  });

  it('is used if the certificate has the address', async () => {
    const { url } = await tlsServer();
    await connectTo(overTls(url), { caFile: authority.caFile });
  });

  it('is not used if the certificate is for another host', async () => {
    const { cert, key } = await authority.sign('other', 'IP:127.0.0.2,DNS:localhost');
    const { url } = await serverWith(`tls { cert_file: "${cert}", key_file: "${key}" }`);
    const connecting = connectTo(overTls(url), { caFile: authority.caFile });
    await expect(connecting).rejects.toThrow(/^NATS cannot be reached over TLS: .*127\.0\.0\.2/);
  });

  it('is not used if the authority of the certificate is not trusted', async () => {
    const { url } = await tlsServer();
    const { caFile } = await TestAuthority.in(folder, 'stranger');
    await expect(connectTo(overTls(url), { caFile })).rejects.toThrow(TlsRefused);
    await expect(connectTo(overTls(url), {})).rejects.toThrow(TlsRefused);
  });

  it('is refused without the client certificate that the server requires', async () => {
    const { url } = await tlsServer(`ca_file: "${authority.caFile}"\n verify: true`);
    const { caFile } = authority;
    const without = connectTo(overTls(url), { caFile });
    await expect(without).rejects.toThrow(
      "NATS asks for a client's certificate, and none is given",
    );
    const stranger = await TestAuthority.in(folder, 'other-stranger');
    const { cert: certFile, key: keyFile } = await stranger.sign('m2', 'email:m1@berth');
    const wrong = connectTo(overTls(url), { caFile, certFile, keyFile });
    await expect(wrong).rejects.toThrow(`NATS does not take the client's certificate ${certFile}`);
  });
});

describe('A login is refused', () => {
  it('with a wrong password, and the error names the user', async () => {
    const { url } = await serverWith('authorization { users: [{ user: m1, password: se }] }');
    const passwordFile = await file('password', 'wrong');
    const connecting = connectTo(url, { user: 'm1', passwordFile });
    await expect(connecting).rejects.toThrow(CredentialsRefused);
    await expect(connecting).rejects.toThrow(
      /^NATS does not let in berth-spec \(user "m1"\): '?Authorization Violation'?$/,
    );
  });

  it('without credentials if the server requires them', async () => {
    const { url } = await serverWith('authorization { users: [{ user: m1, password: se }] }');
    await expect(connectTo(url, {})).rejects.toThrow(/berth-spec \(without credentials\)/);
  });

  it.each<[string, ConnectNats['login'], RegExp]>([
    ['two ways', { credsFile: '/a', nkeyFile: '/b' }, /2 ways to log in .*: .*\/a and .*\/b$/],
    ['no file', { credsFile: '/nowhere' }, /^credentials file \/nowhere cannot be read: .*ENOENT/],
    ['a folder', { nkeyFile: '/' }, /^NKey file \/ cannot be read: .*EISDIR/],
    ['no password', { user: 'm1' }, /a user of NATS needs a password file/],
    ['no user', { passwordFile: '/a' }, /password file \/a needs a user/],
    ['two users', { user: 'm1', userFile: '/a', passwordFile: '/a' }, /given twice/],
    ['no key', { certFile: '/a' }, /certificate needs its key/],
    ['no certificate', { keyFile: '/a' }, /key needs its certificate/],
    ['no CA', { caFile: '/nowhere' }, /^CA file \/nowhere cannot be read: .*ENOENT/],
    ['no credentials', { credsFile: '/etc/hostname' }, /does not hold a user's JWT and NKey seed/],
    ['no seed', { nkeyFile: '/etc/hostname' }, /does not hold an NKey seed/],
    ['two lines', { user: 'm1', passwordFile: '/etc/passwd' }, /is not one line/],
  ])('with %s, before any server is asked', async (_, login, message) => {
    const connecting = connectTo('nats://127.0.0.1:1', login);
    await expect(connecting).rejects.toThrow(LoginInvalid);
    await expect(connecting).rejects.toThrow(message);
  });

  it('with credentials both in a file and in the URL', async () => {
    const connecting = connectTo('nats://a:secret@127.0.0.1:1', { nkeyFile: '/b' });
    await expect(connecting).rejects.toThrow('the URL and NKey file /b');
  });

  it.each(['http://127.0.0.1:1', 'ws://127.0.0.1:1', 'nats://a:secret@'])('at %s', async (url) => {
    await expect(connectTo(url, {})).rejects.toThrow(/^an address of NATS must be like nats:/);
  });
});

describe('A file with a secret', () => {
  it.each([0o644, 0o660, 0o604])(
    'that others may read or write (%i) leads to a warning',
    async (mode) => {
      const { url } = await serverWith('authorization { users: [{ user: m1, password: se }] }');
      const passwordFile = await file('password', 'se', mode);
      await connectTo(url, { user: 'm1', passwordFile });
      expect(warnings).toEqual([
        `password file ${passwordFile} is open to others (mode ${mode.toString(8)}): chmod 600 ${passwordFile}`,
      ]);
    },
  );

  it('that only its owner and a group may read leads to none', async () => {
    const { url } = await serverWith('authorization { users: [{ user: m1, password: se }] }');
    await connectTo(url, { user: 'm1', passwordFile: await file('password', 'se', 0o640) });
    expect(warnings).toEqual([]);
  });
});
