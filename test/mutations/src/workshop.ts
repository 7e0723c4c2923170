import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mutated, type Mutation } from './mutation.js';

/** What the specs need; tests run from source, so nothing has to be built. */
const COPIED = ['apps', 'libs', 'examples', 'test', 'docs', 'package.json', 'jest.config.js'];

/** Tests that do not end within this time are stopped, and have noticed nothing (ms). */
const SPECS_WITHIN_MS = 300_000;

const JEST = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];

/** The result of the tests. */
export type Testimony =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'noticed'; readonly by: string }
  /** The tests could not be run at all, so it is unknown what they notice. */
  | { readonly kind: 'broken'; readonly reason: string };

interface JestReport {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** A copy of the sources, in which one mutation at a time is tried. */
export class Workshop {
  private constructor(private readonly folder: string) {}

  static async open(): Promise<Workshop> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-mutations-'));
    for (const name of COPIED) await cp(name, join(folder, name), { recursive: true });
    await symlink(resolve('node_modules'), join(folder, 'node_modules'));
    return new Workshop(folder);
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** Applies the mutation while `work` runs. */
  async with<T>(mutation: Mutation, work: () => Promise<T>): Promise<T> {
    const path = join(this.folder, mutation.file);
    const source = await readFile(path, 'utf8');
    await writeFile(path, mutated(mutation, source));
    try {
      return await work();
    } finally {
      await writeFile(path, source);
    }
  }

  /** Runs the specs in one go; with `named`, only the tests of that name. */
  async ask(specs: readonly string[], named?: string): Promise<Testimony> {
    const output = join(this.folder, 'report.json');
    await rm(output, { force: true });
    const only = named === undefined ? [] : ['-t', named];
    const report = ['--runInBand', '--json', '--outputFile', output];
    const ended = await this.run([...JEST, ...report, ...only, '--runTestsByPath', ...specs]);
    if (ended === 'too long') {
      return { kind: 'broken', reason: `no end in ${SPECS_WITHIN_MS / 1_000} s` };
    }
    const text = await readFile(output, 'utf8').catch(() => undefined);
    if (text === undefined) return { kind: 'broken', reason: 'jest left no report' };
    return testimonyOf(JSON.parse(text) as JestReport);
  }

  private run(args: readonly string[]): Promise<'ended' | 'too long'> {
    const options = { cwd: this.folder, timeout: SPECS_WITHIN_MS, maxBuffer: Infinity };
    return new Promise((done) => {
      execFile(process.execPath, args, options, (error) =>
        done(error?.killed === true ? 'too long' : 'ended'),
      );
    });
  }
}

function testimonyOf({ numTotalTests, numPassedTests, testResults }: JestReport): Testimony {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.find(({ status }) => status === 'failed');
  if (failed !== undefined) return { kind: 'noticed', by: failed.fullName };
  const unrun = testResults.find(({ assertionResults }) => assertionResults.length === 0);
  if (numTotalTests > 0 && numPassedTests > 0 && unrun === undefined) return { kind: 'nothing' };
  const reason = unrun?.message.slice(0, 1_000) ?? 'there are no such tests';
  return { kind: 'broken', reason };
}
