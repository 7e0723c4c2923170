import { SystemClock } from '#service-runtime';
import { spanned } from '#tracing';
import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { startTracing } from './index.js';

const lines: unknown[] = [];
const log = (fields: object, message: string) => void lines.push({ ...fields, message });
const logger = { info: log, warn: log, error: log };
const clock = new SystemClock();

describe('The SDK', () => {
  it.each([
    ['is not loaded without an endpoint', 'undefined', false],
    ['is loaded with one', '"http://127.0.0.1:9"', true],
  ])('%s', async (_, endpoint, isLoaded) => {
    const url = pathToFileURL(resolve('dist/libs/trace-export/src/index.js')).href;
    const script = `
      import { createRequire } from 'node:module';
      const { startTracing } = await import('${url}');
      const clock = { now: () => 0, after: () => () => undefined };
      await startTracing('a', { endpoint: ${endpoint}, version: '1', clock, logger: console });
      const { cache } = createRequire(import.meta.url);
      console.log(Object.keys(cache).some((path) => path.includes('sdk-trace')));
      process.exit(0);`;
    const words = ['--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    expect(stdout.trim()).toBe(String(isLoaded));
  });

  it('neither slows nor ends a process whose receiver refuses, and logs that once', async () => {
    const server = createServer((_request, response) => response.writeHead(400).end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tracing = await startTracing('a', { endpoint, version: '1', clock, logger });
    expect(spanned('lost', { kind: 'internal', ids: () => ({}) }, () => 1)).toBe(1);
    await tracing.close();
    expect(lines).toEqual([
      expect.objectContaining({ message: 'traces are lost: their receiver does not take them' }),
    ]);
    server.close();
  });
});
