import {
  accountsText,
  identityNamed,
  inboxPrefixOf,
  isOwner,
  ROLES,
  type EnrolledIdentity,
  type Identity,
} from '#permissions';
import { projectName } from '#slot';
import { token } from '#wire';
import { nkeys } from '@nats-io/transport-node';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const FOR_OWNER = 0o600;

const identity = z.strictObject({
  role: z.enum(ROLES),
  also: z.array(z.enum(ROLES)).optional(),
  name: token,
  regions: z.array(token).min(1),
  project: projectName.optional(),
  inboxPrefix: z.string().optional(),
  nkeys: z.array(z.string().regex(/^U[A-Z2-7]{55}$/, 'must be the public NKey of a user')),
});

const file = z.strictObject({
  /** Where services find NATS: the value of NATS_URL. */
  url: z.string(),
  /** Path of the certificates that the servers' are signed by, as the value of NATS_CA_FILE. */
  caFile: z.string().optional(),
  identities: z.array(identity),
});

type Content = z.output<typeof file>;

/**
 * Who may log in to NATS: `identities.json`, which holds public keys alone, the file that nats-server
 * makes of it, and for each key that was made here a file with its seed, beside one with settings.
 */
export class AccessFolder {
  private constructor(
    readonly path: string,
    private content: Content,
  ) {}

  /** Throws where the folder is there and cannot be read. */
  static async open(path: string): Promise<AccessFolder> {
    const folder = resolve(path);
    const identities = join(folder, 'identities.json');
    if (!existsSync(identities)) {
      return new AccessFolder(folder, { url: 'nats://127.0.0.1:4222', identities: [] });
    }
    const parsed = file.safeParse(jsonIn(await readFile(identities, 'utf8')));
    if (parsed.success) return new AccessFolder(folder, parsed.data);
    throw new Error(`${identities} is broken: ${z.prettifyError(parsed.error)}`);
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

  seedFileOf({ name }: Pick<Identity, 'name'>): string {
    return join(this.path, 'seeds', `${name}.nk`);
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
    const key = publicKey ?? (await this.newKey(wanted));
    const added = { ...wanted, nkeys: [...new Set([...(before?.nkeys ?? []), key])] };
    this.replace(identity.parse(added) as EnrolledIdentity);
    return added;
  }

  /** Of what is there, the regions; its keys stay. */
  setRegions(name: string, regions: readonly string[]): void {
    const { nkeys: keys, role } = this.existing(name);
    this.replace({ ...identityNamed(role, name, regions), nkeys: keys });
  }

  /** Lets it in no more, or with its newest key only. */
  async revoke(name: string, { older = false } = {}): Promise<void> {
    const found = this.existing(name);
    if (older) return this.replace({ ...found, nkeys: found.nkeys.slice(-1) });
    this.content.identities = this.content.identities.filter((one) => one.name !== name);
    await rm(this.seedFileOf(found), { force: true });
    await rm(this.settingsFileOf(found), { force: true });
  }

  /** Writes it all; files of seeds are written when their keys are made. */
  async save(): Promise<void> {
    await mkdir(join(this.path, 'settings'), { recursive: true, mode: 0o700 });
    for (const one of this.identities) {
      await writeWhole(this.settingsFileOf(one), this.settingsTextOf(one));
    }
    await writeWhole(this.accountsFile, accountsText(this.identities));
    const text = `${JSON.stringify(this.content, null, 2)}\n`;
    await writeWhole(join(this.path, 'identities.json'), text);
  }

  /** What the service, the machine or the person needs to log in. */
  settingsOf(one: Identity): Readonly<Record<string, string>> {
    const { url, caFile } = this.content;
    return {
      NATS_URL: url,
      ...(caFile !== undefined && { NATS_CA_FILE: caFile }),
      NATS_NKEY_FILE: this.seedFileOf(one),
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

  private async newKey(one: Identity): Promise<string> {
    const pair = nkeys.createUser();
    await mkdir(join(this.path, 'seeds'), { recursive: true, mode: 0o700 });
    await writeWhole(this.seedFileOf(one), `${Buffer.from(pair.getSeed()).toString()}\n`);
    const key = pair.getPublicKey();
    pair.clear();
    return key;
  }
}

/** For its owner alone; whoever reads it meanwhile reads the former one, or all of the new one. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.new`;
  await writeFile(part, text, { mode: FOR_OWNER });
  await chmod(part, FOR_OWNER);
  await rename(part, path);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
