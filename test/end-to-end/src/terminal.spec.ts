import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BerthDev } from './berth-dev.js';

const MAIN = resolve('dist/apps/cli/src/main.js');

/** What `berth top` writes before each screen. */
const CLEAR = '\u001b[H\u001b[J';

let berth: BerthDev;

beforeAll(async () => {
  berth = new BerthDev();
  await berth.start();
}, 40_000);

afterAll(() => berth.dispose());

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
}

/**
 * Types a command at a terminal of 80 columns; returns the lines on the screen and the exit code.
 */
function typed(words: string, api = berth.api): Ended {
  const command = `stty cols 80; node ${MAIN} ${words}`;
  const env = { ...process.env, BERTH_API: api, NO_COLOR: '1' };
  const { status, stdout } = spawnSync('script', ['-eqc', command, '/dev/null'], {
    env,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { code: status, lines: stdout.replaceAll('\r', '').trimEnd().split('\n') };
}

const READING = ['status', 'doctor', 'slots', 'slots --usage', 'agents', 'fleets'];

describe('In a terminal of 80 columns', () => {
  it.each(READING)('berth %s fits', (words) => {
    const { code, lines } = typed(words);
    expect(lines.filter(({ length }) => length > 80)).toEqual([]);
    expect(lines.join('\n')).not.toMatch(/undefined|\[object|NaN/);
    expect({ words, code }).toEqual({ words, code: 0 });
  });

  it('berth status says that everything is well', () => {
    const { lines } = typed('status');
    expect(lines[0]).toMatch(/^Berth \d\S* at http:\S+: ready$/);
    expect(lines).toContain('2 slots of 1 agent: 2 available');
    expect(lines.at(-1)).toBe('All is well.');
  });

  it('berth top shows what happens', () => {
    const asked = `sleep 2; node ${MAIN} allocate --id seen-by-top >/dev/null`;
    const { lines } = typed(`top & (${asked}); sleep 3; kill %1`);
    const shown = lines.join('\n');
    expect(lines.filter(({ length }) => length > 80 + CLEAR.length)).toEqual([]);
    expect(shown).toMatch(/Events a second: .*CallbackAcked 0\.1/);
    expect(shown).toMatch(/\d\d:\d\d:\d\d {2}local\.\S+ {2}AllocationRequested/);
    expect(shown).not.toMatch(/undefined|\[object|NaN/);
  });

  it.each([
    ['a wrong option', 'slots --nothing', 2],
    ['a wrong command', 'slotz', 2],
    ['an invalid name', 'drain x', 2],
    ['a request that Berth refuses', 'drain local.nobody.1', 3],
  ])('berth reports %s by its exit code and in a few lines', (_, words, code) => {
    const ended = typed(words);
    expect(ended.code).toBe(code);
    expect(ended.lines.length).toBeLessThan(5);
  });

  it.each(READING)('berth %s says that nothing answers', (words) => {
    const { code, lines } = typed(words, 'http://127.0.0.1:9');
    expect({ words, code }).toEqual({ words, code: 4 });
    expect(lines.join(' ')).toContain('no answer from http://127.0.0.1:9');
  });

  it('berth doctor says what is wrong, and what to do', () => {
    const [allocator] = berth.processes('apps/allocator');
    process.kill(allocator?.pid ?? 0, 'SIGSTOP');
    try {
      const { code, lines } = typed('doctor');
      expect(lines).toContain('WRONG  no allocator answers in some region');
      expect(lines).toContain('ok     every agent sends heartbeats');
      expect(code).toBe(1);
    } finally {
      process.kill(allocator?.pid ?? 0, 'SIGCONT');
    }
  });

  it('berth --version prints the version', () => {
    expect(typed('--version').lines[0]).toMatch(/^\d+\.\d+\.\d+/);
  });
});

const bash = existsSync('/bin/bash') ? it : it.skip;
if (!existsSync('/bin/bash')) console.log('skipped: completion: there is no bash here');

describe('Completion', () => {
  bash.each([
    ['fl', ['fleets', 'fleet']],
    ['fleet un', ['unsize', 'unconfigure']],
    ['slots --us', ['--usage']],
    ['maintenance begin --fo', ['--force']],
  ])('in bash of berth %s', (words, found) => {
    const file = join(berth.data, 'completion.bash');
    const script = spawnSync(process.execPath, [MAIN, 'completion', 'bash'], { encoding: 'utf8' });
    writeFileSync(file, script.stdout);
    const list = ['berth', ...words.split(' ')];
    const asked = [
      `source ${file}`,
      `COMP_WORDS=(${list.join(' ')})`,
      `COMP_CWORD=${list.length - 1}`,
      '_berth',
      'echo "${COMPREPLY[@]}"',
    ];
    const answer = spawnSync('/bin/bash', ['-c', asked.join('\n')], { encoding: 'utf8' });
    expect(answer.stderr).toBe('');
    expect(answer.stdout.trim().split(' ').sort()).toEqual([...found].sort());
  });
});
