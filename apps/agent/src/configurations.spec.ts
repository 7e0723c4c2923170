import type { BuildConfiguration } from '#build';
import type { SlotState } from '#slot';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aConfiguration } from '../test/support/builds.js';
import { TestMachine } from '../test/support/agent.js';
import { isLive, isWarm } from '../test/support/region.js';

const duel = (version: number) => ({ buildConfiguration: 'duel', version });
const pidOf = ({ context }: SlotState) => context.process?.pid ?? 0;
const answerOf = ({ context }: SlotState) => context.allocation?.answer.value();
const runs = (version: number) => (state: SlotState) =>
  isWarm(state) &&
  state.context.process?.buildConfiguration === 'duel' &&
  state.context.process.version === version;

describe('an agent that runs any build configuration', () => {
  let machine: TestMachine;

  beforeEach(async () => {
    machine = await TestMachine.open();
  });

  afterEach(() => machine.close());

  const learn = (version: number, changes: Partial<BuildConfiguration> = {}) =>
    machine.catalogue.learn(
      duel(version),
      aConfiguration({ executable: machine.game, ...changes }),
    );

  it('keeps the assigned one ready, and later its next version', async () => {
    learn(1);
    learn(2);
    await machine.start();
    await machine.region.until(isWarm);
    await machine.assign(duel(1));
    const first = await machine.region.until(runs(1));
    expect(first.context.failure).toBeNull();
    await machine.assign(duel(2));
    const second = await machine.region.until(runs(2));
    expect(pidOf(second)).not.toBe(pidOf(first));
    await machine.assign(null);
    await machine.region.until(({ context }) => context.process?.version === 0);
  });

  it('keeps the running process until it knows the assigned configuration', async () => {
    await machine.start();
    const pid = pidOf(await machine.region.until(isWarm));
    await machine.assign(duel(1));
    await machine.claim('match-1', { run: { buildConfiguration: 'harbour-1', version: 0 } });
    const state = await machine.region.until(isLive);
    expect(answerOf(state)).toMatchObject({ pid });
    learn(1);
    await machine.tell('/exit/0');
    await machine.region.until(runs(1));
  });

  it('serves a session on another configuration than the one that is ready', async () => {
    learn(1, { arguments: ['-port', '{port}', '$$query_type$$'], variables: { MAP: 'docks' } });
    await machine.start();
    const warm = await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1), payload: { mode: 'duel' } });
    const state = await machine.region.until(isLive);
    expect(pidOf(state)).not.toBe(pidOf(warm));
    const port = String(state.context.offer?.ports['game']);
    expect(answerOf(state)).toMatchObject({
      words: ['-port', port, 'none'],
      map: 'docks',
      body: '{"mode":"duel"}',
      server: { MAP: 'docks', port, allocatedUUID: 'match-1' },
    });
    await machine.tell('/exit/0');
    const after = await machine.region.until(isWarm);
    expect(after.context.process).toMatchObject({ buildConfiguration: 'harbour-1', version: 0 });
    expect(JSON.parse(await machine.read('server.json'))).not.toHaveProperty('MAP');
  });

  it('starts a new process if the request asks for that', async () => {
    await machine.start();
    const warm = await machine.region.until(isWarm);
    await machine.claim('match-1', { fresh: true });
    const state = await machine.region.until(isLive);
    expect(pidOf(state)).not.toBe(pidOf(warm));
  });

  it('waits for a version that it does not know yet', async () => {
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(7) });
    await machine.region.until(({ context }) => context.allocation !== null);
    learn(7);
    await machine.region.until(isLive);
  });

  it('says what it does not know when it has to answer', async () => {
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(7), limits: { coldStartMs: 400 } });
    const { context } = await machine.region.until(({ context }) => context.lastEnd !== null);
    expect(context.lastEnd?.reason).toContain('version 7 of build configuration duel');
    await machine.region.until(isWarm);
  });

  it('restarts a crashed session on its own version, even if another one is current by then', async () => {
    learn(1);
    await machine.start();
    await machine.region.until(isWarm);
    await machine.assign(duel(1));
    await machine.region.until(runs(1));
    await machine.claim('match-1', { run: duel(1) });
    const before = await machine.region.until(isLive);
    learn(2);
    await machine.tell('/signal/SIGKILL');
    const after = await machine.region.until(
      ({ context }) => context.process !== null && context.process.pid !== pidOf(before),
    );
    expect(after.context.process).toMatchObject(duel(1));
    expect(after.context.allocation?.crashes).toBe(1);
  });

  it('writes the payload to a file before the game gets the callback', async () => {
    learn(1, {
      payloadFile: { path: 'payload.json', mode: '0640', template: null },
      callback: {
        kind: 'http',
        path: '/x',
        method: 'PUT',
        envelope: 'payload',
        emptyPayload: 'object',
      },
    });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1), payload: { mode: 'duel' } });
    const state = await machine.region.until(isLive);
    const token = state.context.allocation?.token;
    const body = JSON.stringify({ payload: { mode: 'duel' }, token });
    expect(answerOf(state)).toMatchObject({ method: 'PUT', body });
    expect(await machine.read('payload.json')).toBe(body);
    const path = join(machine.data, '1', 'payload.json');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    await machine.tell('/exit/0');
    await machine.region.until(isWarm);
    expect(existsSync(path)).toBe(false);
  });

  it('writes the payload file by the template of the configuration', async () => {
    const template = 'mode={{ .payload.mode }} map={{ .env.MAP }} slot={{ .env.BERTH_SLOT }}';
    learn(1, {
      variables: { MAP: 'docks' },
      payloadFile: { path: 'game/session.ini', mode: '0600', template },
    });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1), payload: { mode: 'duel' } });
    await machine.region.until(isLive);
    expect(await machine.read('game/session.ini')).toBe('mode=duel map=docks slot=local.pier.1');
  });

  it('answers with variables if the game gives no answer', async () => {
    learn(1, {
      arguments: ['mute'],
      variables: { MAP: 'docks' },
      answerVariables: ['MAP', 'BERTH_REGION', 'NONE'],
    });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1) });
    const state = await machine.region.until(isLive);
    expect(answerOf(state)).toEqual({ MAP: 'docks', BERTH_REGION: 'local' });
  });

  it('counts it as consent that a game without callback listens', async () => {
    learn(1, { arguments: ['listen'], callback: { kind: 'none', ready: 'listening' } });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1), limits: { coldStartMs: 60_000 } });
    const state = await machine.region.until(isLive);
    expect(answerOf(state)).toBeNull();
  });

  it('answers once the game is ready, even if an earlier start of the agent was told so', async () => {
    learn(1, { readiness: true });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1), readiness: true });
    await machine.region.until(({ context }) => context.allocation !== null);
    const slot = await machine.told();
    slot.receive({ readyFor: slot.told?.fence ?? 0 });
    await machine.stop();
    expect(machine.region.events).not.toContain('CallbackAcked');
    await machine.start();
    await machine.region.until(isLive);
  });

  it('reports why a process cannot be started, and keeps the one it has', async () => {
    learn(1);
    const missing = {
      install: () => Promise.reject(new Error('there is no executable')),
      keep() {},
    };
    await machine.start();
    const pid = pidOf(await machine.region.until(isWarm));
    await machine.stop();
    await machine.assign(duel(1));
    await machine.start({}, { builds: missing });
    const { context } = await machine.region.until(({ context }) => context.failure !== null);
    expect(context.failure).toMatchObject({ check: 'start', reason: 'there is no executable' });
    expect(context.process?.pid).toBe(pid);
  });

  it('runs nothing that the settings of the machine do not allow, and reports that', async () => {
    learn(1, { executable: '/bin/sh', arguments: ['-c', 'touch was-run; sleep 60'] });
    await machine.start();
    const pid = pidOf(await machine.region.until(isWarm));
    await machine.assign(duel(1));
    const { context } = await machine.region.until(({ context }) => context.failure !== null);
    expect(context.failure?.check).toBe('start');
    expect(context.failure?.reason).toContain('run /bin/sh: it is not among');
    expect(context.process?.pid).toBe(pid);
    await machine.claim('match-1', { run: duel(1) });
    const refused = await machine.region.until(({ context }) => context.lastEnd !== null);
    expect(refused.context.lastEnd?.reason).toContain('run /bin/sh: it is not among');
    expect(existsSync(join(machine.data, '1', 'was-run'))).toBe(false);
  });

  it('gives a game the secrets that its machine has, and puts them nowhere else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'berth-secrets-'));
    await writeFile(join(folder, 'api-key'), 'secret of a file\n', { mode: 0o600 });
    learn(1, {
      arguments: ['mute'],
      secrets: {
        API_KEY: { from: 'file', name: 'api-key' },
        SHOP: { from: 'env', name: 'SHOP_TOKEN' },
      },
      answerVariables: ['API_KEY', 'SHOP'],
    });
    await machine.start({
      secrets: { folder, environment: { SHOP_TOKEN: 'secret of a variable' } },
    });
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1) });
    const state = await machine.region.until(isLive);
    const environment = readFileSync(`/proc/${pidOf(state)}/environ`, 'utf8').split('\0');
    expect(environment).toContain('API_KEY=secret of a file');
    expect(environment).toContain('SHOP=secret of a variable');
    expect(answerOf(state)).toBeNull();
    const files = readdirSync(machine.data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    expect(files.some((file) => file.endsWith('server.json'))).toBe(true);
    expect(files.filter((file) => readFileSync(file).includes('secret of a'))).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it.each([
    [
      { from: 'file', name: 'api-key' } as const,
      'the secret API_KEY of its build configuration: this machine has no',
    ],
    [{ from: 'env', name: 'HOME' } as const, 'BERTH_SECRET_ENV of this machine does not list HOME'],
  ])('does not start a game whose secret its machine does not have: %j', async (place, says) => {
    learn(1, { secrets: { API_KEY: place } });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.assign(duel(1));
    const { context } = await machine.region.until(({ context }) => context.failure !== null);
    expect(context.failure?.reason).toContain(says);
  });

  it('writes no payload where narrower settings forbid it, even for a game that runs', async () => {
    const path = join(machine.data, 'spool.json');
    learn(1, { payloadFile: { path, mode: '0600', template: null } });
    const allowed = { ...machine.allowed, folders: [machine.data] };
    await machine.start({ allowed });
    await machine.region.until(isWarm);
    await machine.assign(duel(1));
    await machine.region.until(runs(1));
    await machine.stop();
    await machine.start();
    await machine.claim('match-1', { run: duel(1) });
    const { context } = await machine.region.until(({ context }) => context.lastEnd !== null);
    expect(context.lastEnd?.reason).toContain('BERTH_ALLOWED_FOLDERS');
    expect(existsSync(path)).toBe(false);
  });

  it('reports that a game ends by itself again and again', async () => {
    learn(1, { arguments: ['fail'] });
    await machine.start({ keepWarm: false });
    await machine.region.until((state) => state.value !== 'unregistered');
    await machine.assign(duel(1));
    await machine.region.command({ type: 'SetWarmth', at: Date.now(), warmth: true });
    const { context } = await machine.region.until(({ context }) => context.failure !== null);
    expect(context.failure?.reason).toContain('exit code 3');
    expect(context.process).toBeNull();
  });
});
