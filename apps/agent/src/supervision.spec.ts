import { birthOf } from '#folder-lock';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gameSettings } from './agent-settings.js';
import { readAgentConfig } from './config.js';
import { isLive, isWarm, pidOf } from '../test/support/region.js';
import { LIMITS, SupervisedMachine, until } from '../test/support/supervision.js';

const ALLOCATED = `grep -q '"allocatedUUID":"[^"]' server.json 2>/dev/null`;

describe('An agent that supervises', () => {
  let machine: SupervisedMachine;

  beforeEach(async () => {
    machine = await SupervisedMachine.open();
  });
  afterEach(() => machine.close());

  it('serves a game that only reads server.json, and exits with 0', async () => {
    await machine.game(`${until(ALLOCATED)}; ${until('[ -e end ]')}; rm end; exit 0`);
    await machine.play();
    await machine.touch('end');
    await machine.region.until(isWarm);
    expect(machine.region.events.slice(-3)).toEqual([
      'AllocationRequested',
      'CallbackAcked',
      'ExitedZero',
    ]);
    expect(machine.region.last('ExitedZero')?.cleared?.remark).toBe('');
    expect(JSON.parse(await machine.read('server.json')).allocatedUUID).toBe('');
  });

  it('passes on the listed variables of its environment, and no others', async () => {
    const command = ['/bin/sh', '-c', `env >new; mv new seen; ${until('[ -e end ]')}`];
    const config = readAgentConfig({
      BERTH_DATA: machine.data,
      BERTH_COMMAND: JSON.stringify(command),
      BERTH_GAME_ENV: 'LD_LIBRARY_PATH,NV_*',
    });
    const { environment } = gameSettings(config, {
      PATH: process.env['PATH'],
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      LD_LIBRARY_PATH: '/opt/lib',
      NV_ONE: '1',
      DEPLOY_TOKEN: 'secret-of-the-machine',
      NATS_URL: 'nats://user:secret@nats',
      BERTH_OPERATOR_TOKEN: 'secret',
      HOME: '/root',
    });
    await machine.start(command, { environment });
    await machine.region.until(isWarm);
    const seen = await machine.written('seen');
    const names = seen.split('\n').map((line) => line.split('=', 1)[0] ?? '');
    const inherited = names.filter((name) => name !== '' && !name.startsWith('BERTH_')).sort();
    // The shell itself sets PWD and the like.
    expect(inherited.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name))).toEqual([
      ...['HOME', 'LC_ALL', 'LD_LIBRARY_PATH', 'NV_ONE', 'PATH', 'TZ'],
    ]);
    expect(seen).toContain(`HOME=${machine.home}\n`);
    expect(seen).not.toContain('secret');
    await machine.touch('end');
  });

  it('kills a game that ignores SIGTERM, and says so', async () => {
    await machine.game(`trap '' TERM; : >ready; while :; do sleep 0.05; done`, {
      stopGraceMs: 200,
    });
    const before = await machine.play();
    await machine.region.deallocate('match-1');
    const after = await machine.region.until(isWarm);
    expect(machine.region.last('SlotCleared')?.remark).toBe('killed 0.2 s after SIGTERM');
    expect(await birthOf(pidOf(before))).toBeNull();
    expect(pidOf(after)).not.toBe(pidOf(before));
  });

  it('lets a game end by itself within its grace period', async () => {
    await machine.game(`trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done`);
    await machine.play();
    await machine.region.deallocate('match-1');
    await machine.region.until(isWarm);
    expect(machine.region.last('SlotCleared')?.remark).toBe('');
    expect(await machine.read('logs/game.log')).toContain('bye\n');
  });

  it('kills what a game leaves behind by daemonizing, and says so', async () => {
    const daemon = `setsid sleep 300 >/dev/null 2>&1 & echo $! >daemon`;
    await machine.game(`${until(ALLOCATED)}; ${daemon}; ${until('[ -e end ]')}; rm end; exit 0`);
    await machine.play();
    await machine.touch('end');
    await machine.region.until(isWarm);
    const exited = machine.region.last('ExitedZero');
    expect(exited?.cleared?.remark).toBe('left 1 process behind: killed');
    const pid = Number(await machine.read('daemon'));
    expect(await birthOf(pid)).toBeNull();
  });

  it('restarts a game as often as it may crash, and no more', async () => {
    const limits = { ...LIMITS, restartsMax: 1 };
    await machine.game(`${until(ALLOCATED)}; ${until('[ -e crash ]')}; rm crash; exit 3`, {
      limits,
    });
    const before = await machine.play();
    await machine.touch('crash');
    const after = await machine.region.until(
      (state) => isLive(state) && pidOf(state) !== 0 && pidOf(state) !== pidOf(before),
    );
    expect(after.context.allocation).toMatchObject({ id: 'match-1', crashes: 1 });
    expect(machine.region.last('Crashed')).toMatchObject({ exitCode: 3, consequence: 'restart' });
    await machine.touch('crash');
    await machine.region.until(isWarm);
    expect(machine.region.last('Crashed')).toMatchObject({ exitCode: 3, consequence: 'end' });
    expect(machine.region.events.slice(machine.region.events.lastIndexOf('Crashed'))).toContain(
      'SlotCleared',
    );
  });
});
