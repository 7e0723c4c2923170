import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duel, TestMachine } from '../test/support/agent.js';
import { isLive, isWarm, pidOf, runsDuel } from '../test/support/region.js';

describe('build configurations on a machine that has settings of its own', () => {
  let machine: TestMachine;

  beforeEach(async () => {
    machine = await TestMachine.open();
  });

  afterEach(() => machine.close());

  it('runs nothing that the settings of the machine do not allow, and reports that', async () => {
    machine.learn(1, { executable: '/bin/sh', arguments: ['-c', 'touch was-run; sleep 60'] });
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
    machine.learn(1, {
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
    expect(state.context.allocation?.answer.value()).toBeNull();
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
    machine.learn(1, { secrets: { API_KEY: place } });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.assign(duel(1));
    const { context } = await machine.region.until(({ context }) => context.failure !== null);
    expect(context.failure?.reason).toContain(says);
  });

  it('writes no payload where narrower settings forbid it, even for a game that runs', async () => {
    const path = join(machine.data, 'spool.json');
    machine.learn(1, { payloadFile: { path, mode: '0600', template: null } });
    const allowed = { ...machine.allowed, folders: [machine.data] };
    await machine.start({ allowed });
    await machine.region.until(isWarm);
    await machine.assign(duel(1));
    await machine.region.until(runsDuel(1));
    await machine.stop();
    await machine.start();
    await machine.claim('match-1', { run: duel(1) });
    const { context } = await machine.region.until(({ context }) => context.lastEnd !== null);
    expect(context.lastEnd?.reason).toContain('BERTH_ALLOWED_FOLDERS');
    expect(existsSync(path)).toBe(false);
  });
});
