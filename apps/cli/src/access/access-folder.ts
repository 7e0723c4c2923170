import {
  accountOf,
  accountsText,
  identityNamed,
  inboxPrefixOf,
  isOwner,
  ROLES,
  type EnrolledIdentity,
  type Identity,
} from '#permissions';
import { SystemClock } from '#service-runtime';
import { projectName } from '#slot';
import { token } from '#wire';
import { nkeys } from '@nats-io/transport-node';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { credentialsText, OperatorKeys } from './operator-keys.js';
import { writeWhole } from './written.js';

const publicNkey = z.string().regex(/^U[A-Z2-7]{55}$/, 'must be the public NKey of a user');

const identity = z.strictObject({
  role: z.enum(ROLES),
  also: z.array(z.enum(ROLES)).optional(),
  name: token,
  regions: z.array(token).min(1),
  project: projectName.optional(),
  inboxPrefix: z.string().optional(),
  nkeys: z.array(publicNkey),
  /** With an operator, by NKey: the public half of the key that its JWT was signed with. */
  signers: z.record(publicNkey, z.string()).optional(),
  /** With an operator, by NKey: when its JWT ends (epoch ms); those of old have none. */
  until: z.record(publicNkey, z.int()).optional(),
});

const file = z.strictObject({
  /** Where services find NATS: the value of NATS_URL. */
  url: z.string(),
  /** Path of the certificates that the servers' are signed by, as the value of NATS_CA_FILE. */
  caFile: z.string().optional(),
  /** Whether identities are users of an operator's accounts, and log in by credentials files. */
  operator: z.literal(true).optional(),
  /** With an operator: how long a JWT is good (ms). */
  credentialMs: z.int().positive().optional(),
  identities: z.array(identity),
});

type Content = z.output<typeof file>;

const clock = new SystemClock();

/** How long a JWT is good if nothing else is said (ms): half a year. */
const CREDENTIAL_MS = 180 * 24 * 3_600_000;

/**
 * Who may log in to NATS: `identities.json`, which holds public keys alone, the file for nats-server that is
 * made of it, and for each key that was made here a file with its seed, beside one with settings.
 */
export class AccessFolder {
  private constructor(
    readonly path: string,
    private content: Content,
    private operator: OperatorKeys | undefined,
  ) {}

  /** Throws where the folder is there and cannot be read. */
  static async open(path: string): Promise<AccessFolder> {
    const folder = resolve(path);
    const identities = join(folder, 'identities.json');
    if (!existsSync(identities)) {
      const url = 'nats://127.0.0.1:4222';
      return new AccessFolder(folder, { url, identities: [] }, undefined);
    }
    const parsed = file.safeParse(jsonIn(await readFile(identities, 'utf8')));
    if (!parsed.success) {
      throw new Error(`${identities} is broken: ${z.prettifyError(parsed.error)}`);
    }
    const isOperated = parsed.data.operator === true;
    const operator = isOperated ? await OperatorKeys.read(join(folder, 'operator')) : undefined;
    return new AccessFolder(folder, parsed.data, operator);
  }

  /** Whether identities are users of an operator's accounts. */
  get isOperated(): boolean {
    return this.operator !== undefined;
  }

  /**
   * Makes the folder one of an operator. Whoever is in it already keeps the newest of its keys, and is
   * given a credentials file for it.
   */
  async makeOperator(): Promise<void> {
    if (this.isOperated) return;
    const keys = join(this.path, 'operator');
    await mkdir(keys, { recursive: true, mode: 0o700 });
    const seeds = new Map<string, string>();
    for (const one of this.identities) {
      const path = this.loginFileOf(one);
      if (existsSync(path)) seeds.set(one.name, (await readFile(path, 'utf8')).trim());
    }
    this.operator = await OperatorKeys.make(keys);
    this.content = { ...this.content, operator: true };
    for (const one of this.identities) {
      const [key] = one.nkeys.slice(-1);
      if (key === undefined) continue;
      const seed = seeds.get(one.name);
      const isOwn = seed !== undefined && publicHalf(seed) === key;
      const signed = await this.writeLogin(one, key, isOwn ? seed : undefined);
      this.replace({ ...one, nkeys: [key], ...signed });
    }
  }

  /** How long the JWTs are good that are made from now on (ms). */
  setCredentialMs(credentialMs: number): void {
    if (!this.isOperated) throw new Error('only the credentials of an operator expire');
    this.content = { ...this.content, credentialMs };
  }

  /** With an operator: the name of the account of the streams on nats-server's disk. */
  get streamsAccount(): string | undefined {
    return this.operator?.streamsAccount;
  }

  get identities(): readonly EnrolledIdentity[] {
    return this.content.identities as readonly EnrolledIdentity[];
  }

  /** The certificates that the servers' are signed by. */
  get caFile(): string | undefined {
    return this.content.caFile;
  }

  get accountsFile(): string {
    return join(this.path, 'accounts.conf');
  }

  /** The file by which it logs in: a seed, or, with an operator, a JWT and a seed. */
  loginFileOf({ name }: Pick<Identity, 'name'>): string {
    return this.isOperated
      ? join(this.path, 'creds', `${name}.creds`)
      : join(this.path, 'seeds', `${name}.nk`);
  }

  settingsFileOf({ name }: Pick<Identity, 'name'>): string {
    return join(this.path, 'settings', `${name}.env`);
  }

  setServers(url: string, caFile: string | undefined): void {
    this.content = { ...this.content, url, ...(caFile !== undefined && { caFile }) };
  }

  find(name: string): EnrolledIdentity | undefined {
    return this.identities.find((one) => one.name === name);
  }

  /**
   * Lets an identity in, with a key that is made here, or with the public half of one that was made
   * elsewhere. One that is there keeps the keys that it has.
   */
  async enroll(wanted: Identity, publicKey?: string): Promise<EnrolledIdentity> {
    const before = this.find(wanted.name);
    if (before !== undefined && before.role !== wanted.role) {
      throw new Error(`${wanted.name} is there already, as ${before.role}: choose another name`);
    }
    const pair = publicKey === undefined ? nkeys.createUser() : undefined;
    const key = publicNkey.parse(publicKey ?? pair?.getPublicKey());
    const seed = pair && Buffer.from(pair.getSeed()).toString();
    const { signers, until } = await this.writeLogin(wanted, key, seed);
    const added = {
      ...wanted,
      nkeys: [...new Set([...(before?.nkeys ?? []), key])],
      ...(signers && { signers: { ...before?.signers, ...signers } }),
      ...(until && { until: { ...before?.until, ...until } }),
    };
    this.replace(added);
    return added;
  }

  /** Of what is there, the regions; its keys stay. */
  setRegions(name: string, regions: readonly string[]): void {
    const { role, ...found } = this.existing(name);
    this.replace({ ...found, ...identityNamed(role, name, regions) });
  }

  /** Lets it in no more, or with its newest key only. */
  async revoke(name: string, { older = false } = {}): Promise<void> {
    const found = this.existing(name);
    if (older) return this.replace({ ...found, nkeys: found.nkeys.slice(-1) });
    this.content.identities = this.content.identities.filter((one) => one.name !== name);
    await rm(this.loginFileOf(found), { force: true });
    await rm(this.settingsFileOf(found), { force: true });
  }

  /** What nats-server is told of those who may log in; it holds no secret. */
  async accountsText(identities: readonly EnrolledIdentity[]): Promise<string> {
    if (this.operator === undefined) return accountsText(identities);
    return this.operator.serverText(identities);
  }

  /**
   * With an operator: the identity's credentials file as it is here; where its seed was made elsewhere,
   * `SEED_ELSEWHERE` stands in its place.
   */
  async credentialsOf(one: Identity): Promise<string | undefined> {
    return this.isOperated ? readFile(this.loginFileOf(one), 'utf8') : undefined;
  }

  /** Writes it all; files of seeds are written when their keys are made. */
  async save(): Promise<void> {
    await mkdir(join(this.path, 'settings'), { recursive: true, mode: 0o700 });
    for (const one of this.identities) {
      await writeWhole(this.settingsFileOf(one), this.settingsTextOf(one));
    }
    await writeWhole(this.accountsFile, await this.accountsText(this.identities));
    const text = `${JSON.stringify(this.content, null, 2)}\n`;
    await writeWhole(join(this.path, 'identities.json'), text);
  }

  /** What the service, the machine or the person needs to log in. */
  settingsOf(one: Identity): Readonly<Record<string, string>> {
    const { url, caFile } = this.content;
    return {
      NATS_URL: url,
      ...(caFile !== undefined && { NATS_CA_FILE: caFile }),
      [this.isOperated ? 'NATS_CREDS_FILE' : 'NATS_NKEY_FILE']: this.loginFileOf(one),
      NATS_INBOX_PREFIX: inboxPrefixOf(one),
      ...(isOwner(one.role) && {
        BERTH_REGION: one.regions.join(','),
        BERTH_MACHINE: one.name,
      }),
    };
  }

  private settingsTextOf(one: Identity): string {
    const lines = Object.entries(this.settingsOf(one)).map(([name, value]) => `${name}=${value}`);
    return `# How ${one.role} ${one.name} logs in to NATS.\n${lines.join('\n')}\n`;
  }

  private existing(name: string): EnrolledIdentity {
    const found = this.find(name);
    if (found !== undefined) return found;
    throw new Error(`there is no ${name} in ${this.path}`);
  }

  private replace(changed: EnrolledIdentity): void {
    const others = this.content.identities.filter(({ name }) => name !== changed.name);
    this.content = { ...this.content, identities: [...others, identity.parse(changed)] };
  }

  /** Writes its login file as far as it is made here; returns what is to be known of its JWT, if it has one. */
  private async writeLogin(
    one: Identity,
    key: string,
    seed?: string,
  ): Promise<Pick<EnrolledIdentity, 'signers' | 'until'>> {
    const path = this.loginFileOf(one);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (this.operator === undefined) {
      if (seed !== undefined) await writeWhole(path, `${seed}\n`);
      return {};
    }
    const until = clock.now() + (this.content.credentialMs ?? CREDENTIAL_MS);
    const account = accountOf(one.role);
    const { jwt, signer } = await this.operator.admit(account, one.name, key, until);
    await writeWhole(path, credentialsText(jwt, seed));
    return { signers: { [key]: signer }, until: { [key]: until } };
  }
}

function publicHalf(seed: string): string {
  return nkeys.fromSeed(Buffer.from(seed)).getPublicKey();
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
