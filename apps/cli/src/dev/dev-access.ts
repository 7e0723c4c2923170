import { identityNamed, type EnrolledIdentity } from '#permissions';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AccessFolder } from '../access/access-folder.js';

/** What `berth dev` calls the owners of slots that are new. */
const MACHINE = 'dev';
const REGISTRAR = 'registrar';

/** Who logs in to the nats-server of `berth dev`. */
export interface DevAccess {
  /** For nats-server's configuration file. */
  readonly config: string;
  /** Settings with which a service logs in. */
  readonly settings: Readonly<
    Record<'allocator' | 'gateway' | 'registrar' | 'agent' | 'auditor', Env>
  >;
}

type Env = Readonly<Record<string, string>>;

/**
 * Services of `berth dev` log in as in production. Whoever has no key may do what matchmakers and
 * operators may: nobody but programs of this machine reaches it. Further machines are let in if they
 * are enrolled in its folder `access` before it starts.
 */
export async function devAccess(data: string, region: string, url: string): Promise<DevAccess> {
  const folder = await AccessFolder.open(join(data, 'access'));
  folder.setServers(url, undefined);
  const agent = await ownerIn(join(data, 'agent'), MACHINE);
  const registrar = await ownerIn(join(data, 'registrar'), REGISTRAR);
  const wanted = {
    allocator: identityNamed('allocator', 'allocator', [region]),
    gateway: identityNamed('gateway', 'gateway', [region]),
    registrar: identityNamed('registrar', registrar, [region]),
    agent: identityNamed('agent', agent, [region]),
    matchmaker: identityNamed('client', 'matchmaker', [region]),
    operator: identityNamed('operator', 'operator', [region]),
    auditor: identityNamed('auditor', 'auditor', [region]),
    anyone: {
      ...identityNamed('client', 'anyone', [region]),
      ...{ also: ['operator'] as const, inboxPrefix: '_INBOX' },
    },
  };
  const enrolled: Record<string, EnrolledIdentity> = {};
  for (const [key, identity] of Object.entries(wanted)) {
    const { nkeys = [], signers = {} } = folder.find(identity.name) ?? {};
    const isThere = nkeys.length > 0 && existsSync(folder.loginFileOf(identity));
    enrolled[key] = isThere ? { ...identity, nkeys, signers } : await folder.enroll(identity);
  }
  await folder.save();
  const settings = {
    allocator: folder.settingsOf(wanted.allocator),
    gateway: folder.settingsOf(wanted.gateway),
    registrar: folder.settingsOf(wanted.registrar),
    agent: folder.settingsOf(wanted.agent),
    auditor: folder.settingsOf(wanted.auditor),
  };
  const anyone = enrolled['anyone']?.nkeys.at(-1) ?? '';
  const own = Object.values(enrolled);
  const others = folder.identities.filter((one) => own.every(({ name }) => name !== one.name));
  const text = await folder.accountsText([...own, ...others]);
  // An operator's servers let nobody in without credentials.
  const config = folder.isOperated ? text : `${text}no_auth_user: ${anyone}\n`;
  return { config, settings };
}

/** The name that a data folder has, which may be of a time before names were exact. */
async function ownerIn(data: string, name: string): Promise<string> {
  const path = join(data, 'agent.json');
  if (!existsSync(path)) return name;
  const kept = z.object({ agent: z.string() }).safeParse(JSON.parse(await readFile(path, 'utf8')));
  return kept.data?.agent ?? name;
}
