import type { BuildConfiguration } from '#build';
import { describe, expect, it } from '@jest/globals';
import { aConfiguration } from '../../test/support/builds.js';
import { forbiddenBecause, type Allowed } from './allowed.js';

const allowed: Allowed = {
  own: '/srv/arena/server',
  executables: ['/usr/games', '/opt/wine/bin/wine'],
  folders: ['/var/spool/arena'],
  mode: 0o640,
  unlimitedBecause: null,
};
const build = { name: 'duel', version: 1 };
const payload = (path: string, mode = '0600') => ({ payloadFile: { path, mode, template: null } });
const judged = (changes: Partial<BuildConfiguration>, rules = allowed) =>
  forbiddenBecause(aConfiguration(changes), rules);

describe('What a machine lets build configurations do', () => {
  it.each<[string, Partial<BuildConfiguration>]>([
    ['a file of the build', { build, executable: 'bin/server' }],
    ["the executable of the agent's own settings", { executable: '/srv/arena/server' }],
    ['an executable of a listed folder', { executable: '/usr/games/bzfs' }],
    ['a listed executable, beside a build', { build, executable: '/opt/wine/bin/wine' }],
    ["a payload file in the slot's folder", { build, ...payload('config/session.ini') }],
    ['a payload file in a listed folder', { build, ...payload('/var/spool/arena/1.ini', '0640') }],
  ])('allows %s', (_, changes) => {
    expect(judged(changes)).toBeNull();
  });

  it.each<[string, Partial<BuildConfiguration>, string]>([
    ['another executable', { executable: '/bin/sh' }, '/bin/sh'],
    ['another executable, beside a build', { build, executable: '/bin/sh' }, '/bin/sh'],
    ['a way out of a listed folder', { executable: '/usr/games/../bin/sh' }, '../bin/sh'],
    ['a folder whose name only begins so', { executable: '/usr/games2/x' }, '/usr/games2/x'],
    ['a name that is looked up', { executable: 'sh' }, 'sh'],
    ["a file in the slot's folder, which a game can write", { executable: './server' }, './server'],
    ['a payload file elsewhere', { build, ...payload('/etc/cron.d/x') }, '/etc/cron.d/x'],
    ['a payload file beside the slot', { build, ...payload('../2/session.ini') }, '../2/session'],
    ['a payload file above the slot', { build, ...payload('a/../../x') }, 'a/../../x'],
    ['wider permissions', { build, ...payload('session.ini', '0644') }, '0644'],
  ])('forbids %s, and says so', (_, changes, says) => {
    expect(judged(changes)).toContain('the settings of this machine do not let');
    expect(judged(changes)).toContain(says);
  });

  it('forbids limits where games cannot be kept to them, and nothing else there', () => {
    const rules = { ...allowed, unlimitedBecause: 'BERTH_CGROUP is not set' };
    const limited = { build, tasksMax: 100 };
    expect(judged(limited)).toBeNull();
    expect(judged(limited, rules)).toContain('limits: BERTH_CGROUP is not set');
    expect(judged({ build }, rules)).toBeNull();
  });

  it("allows the agent's own name of an executable, unless it would be looked up elsewhere", () => {
    const rules = { ...allowed, own: 'server' };
    expect(judged({ executable: 'server' }, rules)).toBeNull();
    expect(judged({ executable: 'server', variables: { PATH: '/tmp' } }, rules)).not.toBeNull();
    const secrets = { PATH: { from: 'env', name: 'SHOP_TOKEN' } } as const;
    expect(judged({ executable: 'server', secrets }, rules)).not.toBeNull();
  });
});
