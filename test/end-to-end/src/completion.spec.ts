import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAIN = resolve('dist/apps/cli/src/main.js');

/** A shell starts, and reads the script, in a second; on a busy machine it takes longer (ms). */
const WITHIN_MS = 60_000;

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'berth-completion-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the script of a shell, and returns its path. */
function scriptOf(shell: string): string {
  const path = join(folder, `berth.${shell}`);
  const written = spawnSync(process.execPath, [MAIN, 'completion', shell], { encoding: 'utf8' });
  writeFileSync(path, written.stdout);
  return path;
}

/** What a shell writes; nothing may be wrong. */
function said(command: string, words: readonly string[], input = ''): string {
  const env = { ...process.env, HOME: folder, ZDOTDIR: folder, TERM: 'dumb' };
  const options = { encoding: 'utf8', env, input, timeout: WITHIN_MS } as const;
  const { stdout, stderr } = spawnSync(command, words, options);
  expect(stderr).toBe('');
  return stdout;
}

/** The tests of a shell; skipped, with this reason, where it is not installed. */
function inShell(shell: string) {
  const isThere = spawnSync(shell, ['--version']).status === 0;
  const title = isThere ? '' : ` (skipped: there is no ${shell})`;
  return { title, each: isThere ? it.each : it.skip.each };
}

const [bash, zsh, fish] = [inShell('bash'), inShell('zsh'), inShell('fish')];

const CASES = [
  ['fl', ['fleet', 'fleets']],
  ['fleet un', ['unconfigure', 'unsize']],
  ['slots --us', ['--usage']],
  ['maintenance begin --fo', ['--force']],
] as const;

describe('Completion', () => {
  bash.each(CASES)(`in bash of berth %s${bash.title}`, (words, found) => {
    const list = ['berth', ...words.split(' ')];
    const asked = [
      `source ${scriptOf('bash')}`,
      `COMP_WORDS=(${list.join(' ')})`,
      `COMP_CWORD=${list.length - 1}`,
      '_berth',
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ];
    const offered = said('bash', ['-c', asked.join('\n')])
      .trim()
      .split('\n');
    expect(offered.sort()).toEqual(found);
  });

  fish.each(CASES)(
    `in fish of berth %s${fish.title}`,
    (words, found) => {
      const asked = `source ${scriptOf('fish')}; complete -C 'berth ${words}'`;
      const lines = said('fish', ['--no-config', '-c', asked]).trim().split('\n');
      expect(lines.map((line) => line.split('\t')[0]).sort()).toEqual(found);
    },
    WITHIN_MS,
  );

  zsh.each([
    ['fleet unc', 'fleet unconfigure'],
    ['slots --us', 'slots --usage'],
    ['machine remo', 'machine remove-policy'],
  ])(
    `in zsh of berth %s${zsh.title}`,
    (words, completed) => {
      const settings = [
        'autoload -U compinit; compinit -D -u',
        `source ${scriptOf('zsh')}`,
        'berth() { print -r -- "typed: $*" }',
      ];
      writeFileSync(join(folder, '.zshrc'), settings.join('\n'));
      // zsh completes on a terminal only.
      const shown = said('script', ['-qec', 'zsh -i', '/dev/null'], `berth ${words}\t\rexit\r`);
      expect(shown).toContain(`typed: ${completed}\r`);
    },
    WITHIN_MS,
  );
});
