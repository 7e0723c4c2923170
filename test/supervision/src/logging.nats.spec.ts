import { connectBerth, type BerthClient } from '#client';
import { startNatsServer, type NatsServer } from '#nats-server';
import { freePort } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** `script` gives a program a terminal; it comes with every Debian. */
const SCRIPT = '/usr/bin/script';
const MAIN = resolve('dist/apps/allocator/src/main.js');

let folder: string;
let server: NatsServer;
let client: BerthClient;
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-logging-'));
  server = await startNatsServer({ dataDirectory: folder });
  client = await connectBerth({ url: server.url });
});

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await client.close();
  await server.kill();
  await rm(folder, { recursive: true, force: true });
});

/** A service, and what it has written so far. */
class Written {
  text = '';

  constructor(readonly child: ChildProcess) {
    running.push(child);
    child.stdout?.on('data', (data: Buffer) => (this.text += data.toString()));
  }

  async until(text: string): Promise<void> {
    while (!this.text.includes(text)) await once(this.child.stdout ?? this.child, 'data');
  }
}

function start(command: string, words: readonly string[], level: string, more = {}): Written {
  const env = { PATH: process.env['PATH'], NATS_URL: server.url, LOG_LEVEL: level, ...more };
  const stdio = ['ignore', 'pipe', 'inherit', 'ipc'] as const;
  return new Written(spawn(command, words, { env, stdio: [...stdio] }));
}

/** Nobody has a server: the answer is a refusal. */
const ask = (allocationId: string) =>
  client.allocate({ region: 'local', allocationId }).catch((error: unknown) => error);

describe('The log of a service', () => {
  it('says more from one SIGUSR2 to the next', async () => {
    const allocator = start(process.execPath, [MAIN], 'warn');
    await once(allocator.child, 'message');
    await ask('before');
    allocator.child.kill('SIGUSR2');
    await allocator.until('"level":"debug"');
    await ask('within');
    await allocator.until('within');
    allocator.child.kill('SIGUSR2');
    await allocator.until('"level":"warn"');
    await ask('after');
    const lines = allocator.text.trim().split('\n');
    const answered = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const ids = answered.flatMap(({ msg, allocationId }) =>
      msg === 'answered' ? allocationId : [],
    );
    expect(ids).toEqual(['within']);
    expect(answered).toContainEqual(
      expect.objectContaining({ allocationId: 'within', region: 'local', status: 'refused' }),
    );
  });

  it('says more by SIGUSR2 while it waits for NATS', async () => {
    const NATS_URL = `nats://127.0.0.1:${await freePort()}`;
    const allocator = start(process.execPath, [MAIN], 'warn', { NATS_URL });
    await allocator.until('it waits for NATS');
    allocator.child.kill('SIGUSR2');
    await allocator.until('"level":"debug"');
    expect(allocator.child.signalCode).toBeNull();
  });

  const onTerminal = existsSync(SCRIPT) ? it : it.skip;
  onTerminal('is for a person on a terminal (skipped where there is no `script`)', async () => {
    const command = `exec ${process.execPath} ${MAIN}`;
    const allocator = start(SCRIPT, ['--quiet', '--command', command, '/dev/null'], 'info');
    await allocator.until('(allocator)');
    expect(allocator.text).toMatch(/(INFO|WARN).*\(allocator\)/);
    expect(allocator.text).not.toContain('{"level"');
  });
});
