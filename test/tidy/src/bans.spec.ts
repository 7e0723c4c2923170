import { beforeAll, describe, expect, it } from '@jest/globals';
import { readSources, type Source } from './sources.js';

/**
 * The folders that may use clocks, random numbers and the environment; other code gets these as
 * parameters.
 */
const ORIGINS = [
  /^libs\/(service-runtime|nats-server|sdk)\//,
  /^apps\/[^/]+\/src\/(config|main)\.ts$/,
  /^(apps\/cli|apps\/dashboard|examples|test)\//,
];

const BANNED = [
  /\bDate\.now\b/,
  /\bnew Date\(\)/,
  /\bperformance\.now\b/,
  /\bMath\.random\b/,
  /\bsetTimeout\b/,
  /\bsetInterval\b/,
  /\bprocess\.env\b/,
];

/** All sources are read and parsed, on a loaded computer (ms). */
const READ_MS = 120_000;

let sources: readonly Source[];

beforeAll(async () => {
  sources = await readSources();
}, READ_MS);

const having = (pattern: RegExp, among: readonly Source[]) =>
  among.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

/** Greatest length of a file; specs, and suites that several specs run, may be longer. */
const LINES_MAX = 300;

describe('No source file', () => {
  it(`has more than ${LINES_MAX} lines, except specs`, () => {
    const long = sources.filter(({ path, text }) => {
      return !/\.(spec|contract)\.ts$/.test(path) && text.trimEnd().split('\n').length > LINES_MAX;
    });
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('in `src` exists only for tests; these belong in apps/*/test/support', () => {
    const named = sources.filter(({ path }) => /^(apps|libs|examples)\/.*\/test-[^/]*$/.test(path));
    expect(named.map(({ path }) => path)).toEqual([]);
  });

  it('has a default export', () => {
    expect(having(/^export default\b|\bas default\b/m, sources)).toEqual([]);
  });

  it.each(BANNED)('outside the allowed places contains %s', (pattern) => {
    const others = sources.filter(({ path, isTest }) => {
      return !isTest && !ORIGINS.some((origin) => origin.test(path));
    });
    expect(having(pattern, others)).toEqual([]);
  });
});
