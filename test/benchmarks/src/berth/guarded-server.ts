import type { NatsLogin } from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import { identityNamed } from '#permissions';
import { TestAuthority } from '#testing';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AccessFolder } from '../../../../apps/cli/src/access/access-folder.js';
import type { Surroundings } from '../target.js';
import { agent } from './setting.js';

/** A nats-server of a target's own, with generated permissions. */
export interface GuardedServer {
  readonly server: NatsServer;
  readonly natsUrl: string;
  /** How each part logs in. */
  readonly loginOf: (name: 'allocator' | 'matchmaker' | typeof agent) => NatsLogin;
}

/** @param isTls whether connections are encrypted as well */
export async function startGuardedServer(
  { folder: parent, syncAlways }: Surroundings,
  region: string,
  isTls: boolean,
): Promise<GuardedServer> {
  const folder = join(parent, region);
  await mkdir(folder);
  const access = await AccessFolder.open(join(folder, 'access'));
  for (const [role, name] of [
    ['allocator', 'allocator'],
    ['agent', agent],
    ['client', 'matchmaker'],
  ] as const) {
    await access.enroll(identityNamed(role, name, [region]));
  }
  await access.save();
  const authority = await TestAuthority.in(folder);
  const { cert, key } = await authority.sign('server', 'IP:127.0.0.1');
  const tls = `tls { cert_file: ${JSON.stringify(cert)}, key_file: ${JSON.stringify(key)} }\n`;
  const server = await startNatsServer({
    ...{ dataDirectory: join(folder, 'nats'), syncAlways, monitorPort: -1 },
    extraConfig: `${isTls ? tls : ''}include "../access/accounts.conf"`,
  });
  return {
    server,
    natsUrl: isTls ? server.url.replace('nats:', 'tls:') : server.url,
    loginOf: (name) => ({
      nkeyFile: access.loginFileOf({ name }),
      inboxPrefix: `_INBOX_${name}`,
      ...(isTls && { caFile: authority.caFile }),
    }),
  };
}
