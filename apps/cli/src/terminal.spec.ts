import { printable, printableLines } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { broken } from './terminal.js';

const run = promisify(execFile);

/** All that may stand between line ends on a terminal: printable ASCII and tabs. */
const SAFE = /^[\t\r\n\x20-\x7e]*$/;

const between = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index)).join('');
/** C0 and C1 control characters, and those that turn the direction of a text. */
const NASTY = [
  [0, 0x1f],
  [0x7f, 0x9f],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
]
  .map(([from = 0, to = 0]) => between(from, to))
  .join('');

describe('A text', () => {
  it('has no control characters once it is printable', () => {
    expect(printable(NASTY)).toMatch(/^(\\u[0-9a-f]{4})+$/);
    expect(printableLines(`one\n\ttwo\u001b[2J`)).toBe('one\n\ttwo\\u001b[2J');
  });
});

describe('A line', () => {
  it.each<[string, number, readonly string[]]>([
    ['one two three', 80, ['one two three']],
    ['one two three', 8, ['one two', 'three']],
    ['  one two three', 8, ['  one', '  two', '  three']],
    ['one https://long.example/word two', 8, ['one', 'https://long.example/word', 'two']],
    ['             one two', 8, ['             one', '             two']],
    ['', 8, ['']],
  ])('%j is broken between words at %d columns', (line, columns, lines) => {
    expect(broken(line, columns)).toEqual(lines);
  });
});

describe('Every command', () => {
  it('prints by `terminal.ts` alone', () => {
    const files = readdirSync('apps/cli/src', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/\.spec\.ts$|^terminal\.ts$/.test(name))
      .map((name) => [name, readFileSync(join('apps/cli/src', name), 'utf8')] as const);
    const others = files.filter(([, text]) => /\bconsole\.|std(out|err)\.write\(/.test(text));
    expect(files.length).toBeGreaterThan(50);
    expect(others.map(([name]) => name)).toEqual([]);
  });
});

describe('In a pipe', () => {
  it('ends without a word once nobody reads on', async () => {
    const typed = `'${process.execPath}' dist/apps/cli/src/main.js completion bash | true; exit \${PIPESTATUS[0]}`;
    const ended = await run('bash', ['-c', typed]).catch((error: unknown) => error);
    expect(ended).toMatchObject({ code: 141, stderr: '' });
  });
});

describe('On a terminal', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    // Whatever is asked for, the answer is a refusal with every control character in it.
    server = createServer((_, response) => {
      const problem = { type: '/', title: NASTY, status: 409, code: 'refused', detail: NASTY };
      response.writeHead(409, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ ...problem, requestId: NASTY, instance: NASTY }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  /** What a program prints on a terminal of its own. */
  async function onTerminal(...words: readonly string[]): Promise<string> {
    const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const { stdout } = await run('script', ['-qc', quoted, '/dev/null'], { timeout: 30_000 });
    // The colours are our own.
    return stdout.replaceAll(/\u001b\[\d+m/g, '');
  }

  it.each([
    ['status'],
    ['slots'],
    ['release', 'match-1', '--reason', 'test'],
    ['audit', 'allocation', 'match-1'],
  ])('`berth %s` shows what others wrote, and obeys none of it', async (...words) => {
    const main = 'dist/apps/cli/src/main.js';
    const shown = await onTerminal(process.execPath, main, ...words, '--api', url);
    expect(shown).toContain('\\u001b');
    expect(shown).toMatch(SAFE);
  });

  it('the log of a service obeys nothing of what it tells', async () => {
    const program = `
      const { createLogger } = await import('./dist/libs/service-runtime/src/logging.js');
      createLogger('x', 'info').warn({ reason: ${JSON.stringify(NASTY)} }, ${JSON.stringify(NASTY)});`;
    const words = [process.execPath, '--input-type=module', '-e', program.replace(/\n\s*/g, ' ')];
    const shown = await onTerminal(...words);
    expect(shown).toContain('\\u001b');
    expect(shown).toMatch(SAFE);
  });
});
