import type { actionsAnswer } from '#http-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { unityProject } from '../../../apps/cli/test/support/unity-project.js';
import { everyCommand, isRunnable, nameOf } from '../../../apps/cli/test/support/typing.js';
import { program } from '../../../apps/cli/src/program.js';
import { BerthDev, eventually } from './berth-dev.js';
import { TYPED_COMMANDS, type TypedCommand } from './typed-commands.js';

const MAIN = resolve('dist/apps/cli/src/main.js');
const BERTH = `node ${MAIN}`;

/** What `berth top` writes before each screen. */
const CLEAR = '\u001b[H\u001b[J';

/** Nothing listens there. */
const NOBODY = { BERTH_API: 'http://127.0.0.1:9', NATS_URL: 'nats://127.0.0.1:9' };

let berth: BerthDev;
let folder: string;

beforeAll(async () => {
  berth = new BerthDev();
  await berth.start(4);
  folder = join(berth.data, 'typed');
  mkdirSync(folder);
  await unityProject(folder);
  writeFileSync(join(folder, 'ctf.yaml'), 'executable: server\n');
  // Services say every two seconds that they are ready.
  await eventually(async () => (await typed('status')).code === 0, 20_000);
}, 90_000);

// `agent check` tries what only an agent may do, and is refused as an auditor.
afterAll(() => berth.dispose({ refusals: 'some' }));

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
}

const somewhere = () => ({
  ...berth.login('auditor'),
  BERTH_API: berth.api,
});

/** Runs a shell command on a terminal of 80 columns; returns its lines and its exit code. */
function onTerminal(command: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const words = ['-eqc', `stty cols 80; ${command}`, '/dev/null'];
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, cwd: folder, timeout: 60_000 };
    const script = execFile('script', words, options, (_, stdout) =>
      resolve({ code: script.exitCode, lines: linesOf(stdout) }),
    );
    script.stdin?.end();
  });
}

/** What a progress bar does with the cursor, beside going back to the first column. */
const CURSOR = /\u001b(\[\?\d+[hl]|\[0?K|[78])/g;

function linesOf(shown: string): readonly string[] {
  const lines = shown.replaceAll('\r', '').replaceAll('\u001b[1G', '\n').replaceAll(CURSOR, '');
  return lines.trimEnd().split('\n');
}

/** Types a command of `berth`, without colours. */
const typed = (words: string, env: NodeJS.ProcessEnv = somewhere()) =>
  onTerminal(`${BERTH} ${words}`, { NO_COLOR: '1', ...env });

const inShell = ({ words, shell = (one) => one }: TypedCommand, more = '') => {
  const [before, game] = words.split(' -- ');
  return shell(`${BERTH} ${before}${more}${game === undefined ? '' : ` -- ${game}`}`);
};

/** What must be true of all that `berth` shows. */
function isFit({ lines }: Ended): void {
  const shown = lines.map((line) => line.replaceAll(CLEAR, ''));
  expect(shown.filter(({ length }) => length > 80)).toEqual([]);
  const text = shown.join('\n');
  // Neither what an error's stack begins its lines with, nor a value that was not meant to be shown.
  expect(text).not.toMatch(/^ +at .*:\d+:\d+\)?$/m);
  expect(text).not.toMatch(/\bundefined\b|\[object|\bNaN\b/);
  expect(text).not.toContain('\u001b');
}

const rows = TYPED_COMMANDS.map((row) => [row.words, row] as const);

describe('In a terminal of 80 columns', () => {
  it.each(rows)('berth %s fits, and ends as it should', async (_, row) => {
    const ended = await onTerminal(inShell(row), { NO_COLOR: '1', ...somewhere() });
    isFit(ended);
    expect(ended).toEqual({ ...ended, code: row.code });
  });

  const elsewhere = rows.filter(([, { away, code }]) => away !== 0 || code !== 0);

  it.each(elsewhere)('berth %s says it when nothing answers', async (_, row) => {
    const ended = await onTerminal(inShell(row), { NO_COLOR: '1', ...NOBODY });
    isFit(ended);
    expect(ended).toEqual({ ...ended, code: row.away });
    if (row.away === 4) expect(ended.lines.join(' ')).toMatch(/no answer from|NATS is not there/);
  });

  it('every command is tried', () => {
    const commands = everyCommand(program(() => undefined)).filter(isRunnable);
    const tried = (name: string) =>
      TYPED_COMMANDS.some(({ words }) => `${words} `.startsWith(`${name} `));
    expect(commands.map(nameOf).filter((name) => !tried(name))).toEqual([]);
  });

  it('berth audit actions tells who changed fleets, configurations, builds and policies', async () => {
    const since = new Date().toISOString();
    const why = `--reason 'the season' --by ann`;
    await typed(`builds push local.told Out ${why}`);
    await typed(`build-configurations set local.told --file ctf.yaml ${why}`);
    await typed(`fleet size local.told --max 3 ${why}`);
    await typed(`fleet configure local.told --build-configuration told ${why}`);
    await typed(`machine policy local.dev --slots-max 9 ${why}`);
    const { lines } = await typed(`audit actions --region local --since ${since} --json`);
    const { changes } = JSON.parse(lines.join('')) as z.output<typeof actionsAnswer>;
    expect(changes?.map(({ event, id }) => `${event} ${id}`)).toEqual([
      ...['BuildPushed local.told', 'ConfigurationSet local.told', 'FleetSized local.told'],
      ...['FleetConfigured local.told', 'PolicySet local.dev'],
    ]);
    for (const { by, reason } of changes ?? []) {
      expect([by, reason]).toEqual([expect.stringMatching(/ann$/), 'the season']);
    }
    const table = (await typed(`audit actions --region local --since ${since}`)).lines.join('\n');
    expect(table).toContain('FleetSized');
    for (const list of ['fleets', 'build-configurations list', 'builds list', 'machines']) {
      const told = (await typed(list)).lines.join('\n');
      expect(told).toMatch(/CHANGED LAST[^]*the season/);
    }
  });

  it('berth status says that everything is well', async () => {
    const { lines } = await typed('status');
    expect(lines[0]).toMatch(/^Berth \d\S* at http:\S+: ready$/);
    expect(lines[1]).toMatch(/^\d slots? of 1 agent: \d available/);
    expect(lines.at(-1)).toBe('All is well.');
  });

  it('colours what is wrong and what is well, unless it is told not to', async () => {
    const fine = '\u001b[32mok';
    // Node takes the terminal of a CI that it does not know for one without colours.
    const terminal = { NO_COLOR: undefined, CI: undefined, TERM: 'xterm' };
    const coloured = await typed('doctor', { ...somewhere(), ...terminal });
    expect(coloured.lines.join('\n')).toContain(fine);
    expect((await typed('doctor')).lines.join('\n')).not.toContain('\u001b');
  });

  it('berth top shows what happens', async () => {
    const asked = `sleep 2; ${BERTH} allocate --id seen-by-top >/dev/null`;
    const { lines } = await typed(`top & (${asked}); sleep 3; kill %1`);
    const shown = lines.join('\n');
    expect(shown).toMatch(/Events a second: .*CallbackAcked 0\.1/);
    expect(shown).toMatch(/\d\d:\d\d:\d\d {2}local\.\S+ {2}AllocationRequested/);
  });

  it('berth slots --watch shows changes until it is interrupted', async () => {
    const watching = `timeout --preserve-status -s INT 12 ${BERTH} slots --watch`;
    const { lines } = await onTerminal(watching, { NO_COLOR: '1', ...somewhere() });
    expect(lines.filter((line) => line.includes(CLEAR)).length).toBeGreaterThan(1);
  });

  it.each([
    ['a wrong option', 'slots --nothing', 2],
    ['a wrong command', 'slotz', 2],
    ['an invalid name', 'drain x', 2],
    ['a request that Berth refuses', 'drain local.nobody.1', 3],
  ])('berth reports %s by its exit code and in a few lines', async (_, words, code) => {
    const ended = await typed(words);
    isFit(ended);
    expect(ended.code).toBe(code);
    expect(ended.lines.length).toBeLessThan(5);
  });

  it.each([
    ['refused', 'allocate --id failed-1 --fleet nowhere', {}],
    ['not answered', 'allocate --id failed-1', NOBODY],
    ['refused, with an id of its own', 'allocate --fleet nowhere', {}],
  ])('the id of an allocation that was %s is told', async (_, words, env) => {
    const { lines } = await typed(words, { ...somewhere(), ...env });
    expect(lines.join(' ')).toMatch(/; allocation (failed-1|[0-9a-f-]{36})$/);
  });

  it('berth doctor says what is wrong, and what to do', async () => {
    const [allocator] = berth.processes('apps/allocator');
    process.kill(allocator?.pid ?? 0, 'SIGSTOP');
    try {
      const { code, lines } = await typed('doctor');
      expect(lines).toContain('WRONG  no allocator answers in some region');
      expect(lines).toContain('ok     every agent sends heartbeats');
      expect(code).toBe(1);
    } finally {
      process.kill(allocator?.pid ?? 0, 'SIGCONT');
    }
  });

  it('berth --version prints the version', async () => {
    expect((await typed('--version')).lines[0]).toMatch(/^\d+\.\d+\.\d+/);
  });
});

/** Each is a service, or prints a script: it has no answer. */
const WITHOUT_ANSWER = /^(agent --|dev|completion|nats admit)/;
/** They print a line of JSON for each thing. */
const LINES = /^(events|audit slot|top|logs)/;

/** What is there only once has another name than before. */
const again = (row: TypedCommand): TypedCommand => ({
  ...row,
  words: row.words.replace('typed-', 'again-').replace('harbour 1', 'harbour 2'),
});

describe('With --json', () => {
  const asking = rows.filter(([words]) => !WITHOUT_ANSWER.test(words));

  it.each(asking)('berth %s prints JSON and nothing else', async (words, row) => {
    const ended = await new Promise<string>((resolve, reject) => {
      const env = { ...process.env, ...somewhere() };
      const options = { env, cwd: folder, timeout: 60_000 };
      execFile('bash', ['-c', inShell(again(row), ' --json')], options, (error, stdout) =>
        error?.killed === true ? reject(new Error(words)) : resolve(stdout),
      );
    });
    // A refusal is told on the standard error.
    const documents = LINES.test(words) ? ended.split('\n').filter(Boolean) : [ended];
    if (row.code === 0) expect(ended).not.toBe('');
    for (const document of documents) {
      if (document !== '') expect(typeof JSON.parse(document)).toBe('object');
    }
  });
});
