import { startNatsServer, type NatsServer, type NatsServerBinary } from '#nats-server';
import { freePort, TestAuthority } from '#testing';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TestTokens } from '../../../apps/gateway/test/support/tokens.js';
import { startCluster, urlsOf } from '../../contracts/src/cluster.js';
import { Service } from '../../storm/src/service.js';
import { kill, processesWith } from './processes.js';

const REGION = 'eu';
const MAIN = resolve('dist/apps/cli/src/main.js');

/** Who logs in. Each process has an identity of its own, so that one is rotated at a time. */
export const IDENTITIES = ['allocator', 'allocator-2', 'gateway', 'm1', 'matchmaker'] as const;
export type IdentityName = (typeof IDENTITIES)[number];

const ROLES = { 'allocator-2': 'allocator', allocator: 'allocator', gateway: 'gateway' } as const;
const roleOf = (name: IdentityName) =>
  name in ROLES ? ROLES[name as keyof typeof ROLES] : name === 'm1' ? 'agent' : 'client';

export interface SecureRegionKind {
  /** Identities are users of an operator. */
  readonly operator?: true;
  /** The log is kept by three servers of this program. */
  readonly cluster?: NatsServerBinary;
}

/**
 * A region as in production: nats-server with generated permissions, TLS and client certificates;
 * two allocators that encrypt payloads, an agent, and a gateway with HTTPS and access tokens.
 */
export class SecureRegion {
  readonly name = REGION;
  private readonly services = new Map<string, Service>();
  private servers: readonly NatsServer[] = [];
  private httpPort = 0;
  /** Where allocators say whether they are ready, by their names. */
  private readonly readyPorts = new Map<IdentityName, number>();
  /** Of the authority that has signed the first certificates. */
  firstCa = '';

  /** @param files what else is in its folder at the start, by name */
  static async start(
    files: Readonly<Record<string, string>>,
    kind: SecureRegionKind = {},
  ): Promise<SecureRegion> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-secure-'));
    const region = new SecureRegion(folder, await TestTokens.create(), kind);
    await mkdir(region.path('tls'));
    await region.berth(
      'nats',
      'config',
      '--regions',
      REGION,
      '--tls-ca',
      region.path('tls/ca.pem'),
      ...(kind.operator ? ['--operator'] : []),
    );
    for (const name of ['allocator-2', 'm1'] as const) {
      await region.berth('enroll', name, '--role', roleOf(name));
    }
    for (const [name, text] of Object.entries(files)) await region.write(name, text);
    region.firstCa = await region.certify('first');
    await region.run();
    return region;
  }

  private constructor(
    private readonly folder: string,
    readonly tokens: TestTokens,
    private readonly kind: SecureRegionKind,
  ) {}

  get url(): string {
    return `https://127.0.0.1:${this.httpPort}`;
  }

  get natsUrl(): string {
    return urlsOf(this.servers).replaceAll('nats:', 'tls:');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** How a process of this identity logs in. */
  loginOf(name: IdentityName) {
    return {
      ...(this.kind.operator
        ? { credsFile: this.path(`access/creds/${name}.creds`) }
        : { nkeyFile: this.path(`access/seeds/${name}.nk`) }),
      caFile: this.path('tls/ca.pem'),
      certFile: this.path('tls/client.pem'),
      keyFile: this.path('tls/client.key'),
      inboxPrefix: `_INBOX_${name}`,
    };
  }

  /** A new authority, trusted beside the former one, and certificates that it has signed. */
  async certify(authorityName: string, formerCa?: string): Promise<string> {
    const made = this.path(authorityName);
    await mkdir(made);
    const authority = await TestAuthority.in(made, authorityName);
    await this.trust(...(formerCa === undefined ? [] : [formerCa]), authority.caFile);
    for (const holder of ['server', 'client', 'https']) {
      const { cert, key } = await authority.sign(holder, 'IP:127.0.0.1');
      await this.replace(key, `tls/${holder}.key`);
      await this.replace(cert, `tls/${holder}.pem`);
    }
    return authority.caFile;
  }

  /** From now on certificates of these authorities are trusted, and no others. */
  async trust(...caFiles: readonly string[]): Promise<void> {
    const { stdout } = await promisify(execFile)('cat', [...caFiles]);
    await this.write('tls/ca.pem', stdout);
  }

  /** nats-server reads its files again. */
  async reload(): Promise<void> {
    for (const server of this.servers) await server.reload();
  }

  /** Gives the identity a new key beside its old one, then only the new one counts. */
  async rotateKey(name: IdentityName): Promise<void> {
    await this.renew(name);
    await this.revokeOlder(name);
  }

  /** Gives each identity a new key beside its old one. */
  async renew(...names: readonly IdentityName[]): Promise<void> {
    for (const name of names) await this.berth('enroll', name, '--role', roleOf(name), '--again');
    await this.reload();
  }

  async revokeOlder(...names: readonly IdentityName[]): Promise<void> {
    for (const name of names) await this.berth('nats', 'revoke', name, '--older');
    await this.reload();
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(this.path(`${name}.part`), text, { mode: 0o600 });
    await rename(this.path(`${name}.part`), this.path(name));
  }

  /** Ends an allocator in order, and starts it again. */
  async restart(name: 'allocator' | 'allocator-2'): Promise<void> {
    await this.services.get(name)?.stop();
    await this.startService(name, 'allocator', await this.allocatorSettings(name));
  }

  /** Waits until each of the allocators says that it is ready, which it is not without NATS. */
  async allocatorsReady(): Promise<void> {
    for (const port of this.readyPorts.values()) {
      const isReady = () => fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok);
      while (!(await isReady())) await sleep(100);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.services.values()].map((service) => service.abolish()));
    await Promise.all(this.servers.map((server) => server.kill()));
    for (const pid of processesWith(this.folder)) kill(pid);
    await this.tokens.remove();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async run(): Promise<void> {
    const [dataDirectory, extraConfig] = [this.path('nats'), this.natsConfig()];
    const { cluster } = this.kind;
    this.servers =
      cluster === undefined
        ? [await startNatsServer({ dataDirectory, extraConfig })]
        : await startCluster(this.folder, cluster, () => extraConfig, this.loginOf('allocator'));
    this.httpPort = await freePort();
    for (const name of ['allocator', 'allocator-2'] as const) {
      await this.startService(name, 'allocator', await this.allocatorSettings(name));
    }
    await this.startService('m1', 'agent', {
      ...{ BERTH_REGION: REGION, BERTH_MACHINE: 'm1', BERTH_DATA: this.path('m1') },
      ...{ BERTH_SLOTS: '12', BERTH_PORTS: '20200-20399', BERTH_SDK_PORT: 'off' },
      ...{ BERTH_COMMAND: '["sleep","1000"]', BERTH_CALLBACK: 'none', BERTH_READY: 'running' },
      ...{ BERTH_KEEP_WARM: 'false' },
    });
    await this.startService('gateway', 'gateway', {
      ...{ BERTH_REGIONS: REGION, HTTP_PORT: String(this.httpPort) },
      ...{ HTTPS_CERT: this.path('tls/https.pem'), HTTPS_KEY: this.path('tls/https.key') },
      ...{ BERTH_TOKENS: this.tokens.path, BERTH_JWT_KEYS: this.path('jwt.keys') },
      BERTH_RATE: '100000/100000',
    });
  }

  private async allocatorSettings(name: IdentityName) {
    const BERTH_PAYLOAD_MASTER_KEY_FILE = this.path('master.keys');
    const port = await freePort();
    this.readyPorts.set(name, port);
    return {
      BERTH_METRICS_PORT: String(port),
      ...{ BERTH_REGIONS: REGION, BERTH_ENCRYPT_PAYLOADS: 'true', BERTH_PAYLOAD_MASTER_KEY_FILE },
      ...(this.kind.cluster && { BERTH_REPLICAS: '3' }),
    };
  }

  private async startService(name: IdentityName, app: string, env: Record<string, string>) {
    const login = this.loginOf(name);
    const service = new Service({
      name,
      main: new URL(`file://${resolve(`dist/apps/${app}/src/main.js`)}`),
      logFile: this.path(`${name}.log`),
      env: {
        ...{ NATS_URL: this.natsUrl, LOG_LEVEL: 'info' },
        ...('nkeyFile' in login && { NATS_NKEY_FILE: login.nkeyFile }),
        ...('credsFile' in login && { NATS_CREDS_FILE: login.credsFile }),
        ...{ NATS_CA_FILE: login.caFile, NATS_INBOX_PREFIX: login.inboxPrefix },
        ...{ NATS_CERT_FILE: login.certFile, NATS_KEY_FILE: login.keyFile, ...env },
      },
    });
    this.services.set(name, service);
    await service.start();
  }

  private natsConfig(): string {
    const at = (name: string) => JSON.stringify(this.path(name));
    const tls = `cert_file: ${at('tls/server.pem')}, key_file: ${at('tls/server.key')}`;
    return [
      `tls { ${tls}, ca_file: ${at('tls/ca.pem')}, verify: true, timeout: 5 }`,
      'include "../access/accounts.conf"',
    ].join('\n');
  }

  private async replace(from: string, to: string): Promise<void> {
    await copyFile(from, this.path(`${to}.part`));
    await rename(this.path(`${to}.part`), this.path(to));
  }

  /** Changes who may log in. */
  async berth(...words: readonly string[]): Promise<void> {
    const all = [MAIN, ...words, '--folder', this.path('access')];
    await promisify(execFile)(process.execPath, all);
  }
}
