import { jetstreamManager } from '@nats-io/jetstream';
import {
  connect,
  credsAuthenticator,
  headers,
  nkeyAuthenticator,
  PermissionViolationError,
  type NatsConnection,
} from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BerthClient } from '#client';
import { connectNats } from '#jetstream';
import { commonSettings, natsAddressOf, readConfig } from '#service-runtime';
import { anOffer, aReport } from '#testing';
import type { MachineView } from '#wire';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { eventually, type BerthDev } from './berth-dev.js';
import {
  evilGateway,
  evilMachine,
  evilMatchmaker,
  evilOperator,
  evilReader,
  type HostileAct,
} from './hostile-acts.js';
import { refusedPage, type Attempt } from './refused-page.js';

const natsSettings = z.object(commonSettings);

/** The committed table of what was refused; `npm run docs:refused` writes it. */
const PAGE = 'docs/generated/refused.md';

/**
 * Identities that were taken over try what is not their own, at a Berth that runs. What they are answered
 * must be what the committed table says.
 */
export function hostileSuite(begin: () => Promise<BerthDev>): void {
  let berth: BerthDev;
  beforeAll(async () => {
    berth = await begin();
  }, 60_000);
  afterAll(() => berth.dispose({ refusals: 'some' }), 30_000);

  const attempts: Attempt[] = [];

  /** A connection with an identity's key, and what the server has refused to it so far. */
  async function login(name: string) {
    const settings = berth.login(name);
    const read = (path = '') => readFileSync(path);
    const connection = await connect({
      servers: berth.natsUrl,
      authenticator:
        settings['NATS_CREDS_FILE'] === undefined
          ? nkeyAuthenticator(Buffer.from(read(settings['NATS_NKEY_FILE']).toString().trim()))
          : credsAuthenticator(read(settings['NATS_CREDS_FILE'])),
      inboxPrefix: `_INBOX_${name}`,
      reconnect: false,
    });
    const refused: string[] = [];
    void (async () => {
      for await (const status of connection.status()) {
        if (status.type === 'error' && status.error instanceof PermissionViolationError) {
          refused.push(status.error.message);
        }
      }
    })();
    return { connection, refused };
  }

  async function commit({ how, subject }: HostileAct, connection: NatsConnection): Promise<void> {
    if (how === 'publish') connection.publish(subject, '{}');
    else connection.subscribe(subject, { callback: () => undefined });
    await connection.flush();
  }

  /** What the log has, by somebody who may read it. */
  async function inLog(subject?: string) {
    const { connection } = await login('auditor');
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false });
      const { state } = await manager.streams.info('SLOTS_local');
      const query = { last_by_subj: subject ?? 'slot.local.victim.1' };
      return { state, last: await manager.streams.getMessage('SLOTS_local', query) };
    } finally {
      await connection.close();
    }
  }

  describe.each([
    ['machine', 'dev', evilMachine],
    ['matchmaker', 'matchmaker', evilMatchmaker],
    ['operator', 'operator', evilOperator],
    ['gateway', 'gateway', evilGateway],
    ['registrar', 'registrar', evilReader],
    ['auditor', 'auditor', evilReader],
  ])('A hostile %s', (by, name, acts) => {
    let as: Awaited<ReturnType<typeof login>>;
    beforeAll(async () => {
      as = await login(name);
    });
    afterAll(() => as.connection.close());

    it.each(acts.map((act) => [act.what, act.how, act.subject, act] as const))(
      '%s: may not %s %s',
      async (_what, _how, _subject, act) => {
        const before = as.refused.length;
        await commit(act, as.connection);
        await eventually(() => as.refused.length > before, 2_000);
        attempts.push({ by, ...act, answer: as.refused.slice(before).join('; ') });
      },
    );
  });

  describe('A machine that says what its policy does not allow', () => {
    const NAMES_MAX = 10_000;
    const machine = async () => (await fetch(`${berth.api}/v1/machines/local.dev`)).json();

    it('has none of 10,000 slots registered, nor one of another fleet', async () => {
      const policy = { fleets: ['sample'], addresses: ['127.0.0.0/8'], slotsMax: 1, by: 'ann' };
      await fetch(`${berth.api}/v1/machines/local.dev/policy`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(policy),
      });
      const { connection } = await login('dev');
      const say = (slot: string, offer: object) => {
        const report = aReport({ offer: anOffer(offer), incarnation: Date.now() });
        connection.publish(`report.local.dev.${slot}`, JSON.stringify({ seen: 0, report }));
      };
      say('vip', { fleet: 'vip', priority: -1_000 });
      await eventually(async () => ((await machine()) as MachineView).refused !== null, 5_000);
      for (let index = 0; index < NAMES_MAX; index += 1) {
        say(`x${index}`, { fleet: 'sample', address: '127.0.0.1:7777', ip: '127.0.0.1' });
        if (index % 500 === 0) await connection.flush();
      }
      await connection.flush();
      // An allocator answers when it has read all that came before.
      await eventually(async () => (await fetch(`${berth.api}/v1/fleets`)).ok, 10_000);
      expect(await machine()).toMatchObject({
        ...{ slots: 1, beyond: 0, policy: { slotsMax: 1 } },
        refused: { slot: 'local.dev.vip', reason: 'fleet "vip" is not one of its fleets: sample' },
      });
      await connection.close();
    }, 60_000);
  });

  describe('What the server lets pass', () => {
    const VICTIM = 'slot.local.victim.1';

    // What they may ask, with the log's own subject as the one that the answer goes to.
    it.each([
      ['dev', '$JS.API.DIRECT.GET.SLOTS_local.slot.local.dev.1', ''],
      ['dev', '$JS.API.STREAM.INFO.SLOTS_local', ''],
      [
        'dev',
        '$JS.API.DIRECT.GET.CONFIGURATIONS_local',
        '{"multi_last":["configuration.local.*"]}',
      ],
      ['dev', 'reserve.local.dev.1', '{"allocationId":""}'],
      ['matchmaker', 'allocate.local', '{"fleet":1}'],
      ['matchmaker', 'request.local', '{}'],
      ['matchmaker', 'result.local.Zm9yZ2Vk', '{"forged":true}'],
      ['matchmaker', '$JS.API.DIRECT.GET.OUTCOMES_local.result.local.Zm9yZ2Vk', ''],
      ['operator', 'fleets.local', '{}'],
      ['gateway', '$JS.API.DIRECT.GET.SLOTS_local.slot.local.dev.1', ''],
      ['gateway', '$JS.API.DIRECT.GET.SLOTS_local', '{"seq":1,"batch":3,"next_by_subj":">"}'],
      ['gateway', '$JS.API.STREAM.MSG.GET.SLOTS_local', '{"last_by_subj":"slot.local.dev.1"}'],
      ['gateway', '$JS.API.STREAM.INFO.OBJ_builds_local', ''],
      ['gateway', '$O.builds_local.M.x', '{"forged":true}'],
      ['gateway', '$JS.API.DIRECT.GET.OBJ_builds_local.$O.builds_local.M.x', ''],
      ['gateway', 'usage.local.dev', '{}'],
      ['registrar', '$JS.API.DIRECT.GET.SLOTS_local.slot.local.dev.1', ''],
      ['registrar', '$JS.API.DIRECT.GET.SLOTS_local', '{"multi_last":["slot.local.*.*"]}'],
      ['auditor', '$JS.API.DIRECT.GET.SLOTS_local.slot.local.dev.1', ''],
      ['auditor', '$JS.API.DIRECT.GET.ARCHIVE_local', '{"seq":1,"batch":3,"next_by_subj":">"}'],
    ])('%s: %s writes nothing into the log by its reply subject', async (name, subject, body) => {
      const { connection, refused } = await login(name);
      connection.publish(subject, body, { reply: VICTIM });
      await connection.flush();
      // It is answered in order, so by then the other one is.
      await connection.request(subject, body, { timeout: 5_000 }).catch(() => undefined);
      expect(refused).toEqual([]);
      expect((await inLog(VICTIM)).last).toBeNull();
      const what = 'names the log as where the answer goes to';
      const by = name === 'dev' ? 'machine' : name;
      attempts.push({ by, how: 'request', subject, what, answer: 'nothing was written' });
      await connection.close();
    });

    it('does not send traces of messages into the log', async () => {
      const { connection } = await login('dev');
      const traced = headers();
      traced.set('Nats-Trace-Dest', VICTIM);
      connection.publish('beat.local.dev', '{"incarnation":1}', { headers: traced });
      await connection.flush();
      expect((await inLog(VICTIM)).last).toBeNull();
      await connection.close();
    });
  });

  describe('Who is not hostile', () => {
    const loginOf = (name: string) => natsAddressOf(readConfig(natsSettings, berth.login(name)));

    // With the services, which allocate, call the game and answer, these are all seven roles.
    it('does its work: a matchmaker, the services and a machine', async () => {
      const { login } = loginOf('matchmaker');
      const client = await BerthClient.connect({ servers: berth.natsUrl, ...(login && { login }) });
      const allocation = await client.allocate({ region: 'local', payload: { mode: 'ctf' } });
      expect(allocation.payload).toMatchObject({ accepted: true });
      const { allocationId, region } = allocation;
      await client.deallocate({ allocationId, region });
      await client.close();
    });

    it('does its work: a registrar', async () => {
      const registered = await fetch(`${berth.api}/servers`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ address: '192.0.2.1:7000', priority: 0, region: 'local' }),
      });
      expect(registered.status).toBeLessThan(300);
    });

    it('does its work: an operator', async () => {
      const connection = await connectNats({ ...loginOf('operator'), name: 'test' });
      const { data } = await connection.request('fleets.local', '{"region":"local"}');
      expect(new TextDecoder().decode(data)).toContain('sample');
      await connection.close();
    });

    it('does its work: an auditor', async () => {
      const options = { env: { ...process.env, ...berth.login('auditor') } };
      const words = [resolve('dist/apps/cli/src/main.js'), 'audit', 'verify', '--region', 'local'];
      const { stdout } = await promisify(execFile)(process.execPath, words, options);
      expect(stdout).toContain('sound');
    }, 30_000);
  });

  describe('The table of what was refused', () => {
    it('says what this run was answered; `npm run docs:refused` writes it', () => {
      const page = refusedPage(attempts);
      if (process.env['WRITE_REFUSED'] === 'true') writeFileSync(PAGE, page);
      expect(readFileSync(PAGE, 'utf8')).toBe(page);
    });
  });
}
