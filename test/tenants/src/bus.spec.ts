import { BerthClient, Refused } from '#client';
import { allEndpoints, liveSubject } from '#wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  connect,
  nkeyAuthenticator,
  PermissionViolationError,
  type NatsConnection,
} from '@nats-io/transport-node';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BerthDev, eventually } from '../../end-to-end/src/berth-dev.js';

const berth = new BerthDev({ ...process.env, BERTH_PROJECTS: 'default,acme,beta' });
let acme: BerthClient;
let beta: BerthClient;

/** The intruder's own connection, and what the server has refused to it so far. */
let connection: NatsConnection;
const refused: string[] = [];

const seedOf = (name: string) => join(berth.data, 'access', 'seeds', `${name}.nk`);

function clientOf(project: string): Promise<BerthClient> {
  const login = { nkeyFile: seedOf(`lobby-${project}`), inboxPrefix: `_INBOX_lobby-${project}` };
  return BerthClient.connect({ servers: berth.natsUrl, project, login });
}

beforeAll(async () => {
  await berth.enroll('lobby-acme', '--role', 'client', '--project', 'acme');
  await berth.enroll('lobby-beta', '--role', 'client', '--project', 'beta');
  await berth.start(4);
  acme = await clientOf('acme');
  beta = await clientOf('beta');
  const seed = Buffer.from(readFileSync(seedOf('lobby-beta'), 'utf8').trim());
  connection = await connect({
    servers: berth.natsUrl,
    authenticator: nkeyAuthenticator(seed),
    inboxPrefix: '_INBOX_lobby-beta',
    reconnect: false,
  });
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'error' && status.error instanceof PermissionViolationError) {
        refused.push(status.error.subject);
      }
    }
  })();
}, 90_000);
afterAll(async () => {
  await Promise.all([acme.close(), beta.close(), connection.close()]);
  await berth.dispose({ refusals: 'some' });
}, 60_000);

const allocate = (client: BerthClient, allocationId: string) =>
  client.allocate({ region: 'local', fleet: 'sample', allocationId, waitMs: 20_000 });
const release = (client: BerthClient, allocationId: string) =>
  client.deallocate({ region: 'local', allocationId });

/** How the intruder tries, on its own subject, what its project may do there. */
const PROBES: Readonly<Record<string, () => Promise<void>>> = {
  'allocate.<region>.<project>': async () => {
    const [theirs, own] = [await allocate(acme, 'match-1'), await allocate(beta, 'match-1')];
    expect(own.allocationId).toBe('match-1');
    expect(own.slot).not.toBe(theirs.slot);
    expect(own.token).not.toBe(theirs.token);
    expect((await allocate(acme, 'match-1')).slot).toBe(theirs.slot);
    await release(beta, 'match-1');
    expect((await allocate(acme, 'match-1')).slot).toBe(theirs.slot);
    await release(acme, 'match-1');
  },
  'deallocate.<region>.<project>': async () => {
    const { slot } = await allocate(acme, 'match-2');
    for (const id of ['match-2', 'nobodys']) {
      const failed = await release(beta, id).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(Refused);
      expect(failed).toMatchObject({ code: 'unknown-allocation' });
    }
    expect((await allocate(acme, 'match-2')).slot).toBe(slot);
    await release(acme, 'match-2');
  },
  'cancel.<region>.<project>': async () => {
    const ids = ['a', 'b', 'c', 'd'];
    for (const id of ids) await allocate(acme, id);
    const waiting = allocate(acme, 'match-3');
    connection.publish('cancel.local.beta', JSON.stringify({ allocationId: 'match-3' }));
    await connection.flush();
    await release(acme, 'a');
    expect((await waiting).allocationId).toBe('match-3');
    for (const id of [...ids.slice(1), 'match-3']) await release(acme, id);
  },
};

const subjectOf = (row: (typeof allEndpoints)[number], project: string) =>
  row.subject.filter({
    ...Object.fromEntries(row.subject.names.map((name) => [name, 'x'])),
    ...{ region: 'local', project },
  });

async function isRefused(act: () => void): Promise<void> {
  const before = refused.length;
  act();
  await connection.flush();
  await eventually(() => refused.length > before, 2_000);
}

describe('A matchmaker of another project', () => {
  it.each(allEndpoints.map((row) => [row.subject.text, row] as const))(
    'reaches nobody else by %s',
    async (text, row) => {
      const isOfProject = row.subject.names.some((name) => name === 'project');
      if (isOfProject) {
        const probe = PROBES[text];
        if (probe === undefined) throw new Error(`say here how ${text} is tried across projects`);
        await probe();
      }
      const theirs = subjectOf(row, 'acme');
      await isRefused(() => connection.publish(theirs, '{}'));
      await isRefused(() => void connection.subscribe(theirs, { callback: () => undefined }));
      if (row.kind !== 'stored') return;
      const live = liveSubject(theirs);
      await isRefused(() => void connection.subscribe(live, { callback: () => undefined }));
    },
    60_000,
  );

  it.each(['$JS.API.INFO', '$JS.API.DIRECT.GET.OUTCOMES_local.result.local.eA', '$SRV.PING'])(
    'asks nothing by %s',
    (subject) => isRefused(() => connection.publish(subject, '')),
  );

  it('is recorded with its project', async () => {
    const { slot } = await allocate(beta, 'match-9');
    const history = await fetch(`${berth.api}/v1/slots/${slot}/events?limit=1000`);
    expect(await history.text()).toContain('"by":"a matchmaker (beta, nats)"');
    await release(beta, 'match-9');
  });
});
