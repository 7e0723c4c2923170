import { NatsBus, connectNats } from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import { granted } from '#testing';
import { endpoints, encodeJson } from '#wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import typescript from 'typescript';
import { TestGateway } from '../../../apps/gateway/test/support/gateway.js';
import { writeClientPackage } from './client-package.js';

const run = promisify(execFile);

/** A plain program, as somebody writes it who has installed the package and nothing else. */
const PROGRAM = `
import { connectBerth, Refused, type Allocation, type BerthClient } from '@berth/client';

const berth: BerthClient = await connectBerth({ url: process.argv[2] ?? '' });
try {
  const allocation: Allocation = await berth.allocate({ region: 'local', payload: { mode: 'ctf' } });
  console.log(allocation.address, allocation.ports['game'], allocation.token);
} catch (error) {
  console.log(error instanceof Refused ? error.code : error);
} finally {
  await berth.close();
}
`;

let folder: string;
let home: string;
let gateway: TestGateway;
let nats: NatsServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-client-package-'));
  home = join(folder, 'home');
  await mkdir(home);
  gateway = await TestGateway.start();
  nats = await startNatsServer({ dataDirectory: join(folder, 'nats') });
});
afterAll(async () => {
  await gateway.close();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What the compiler says against the program, in words; it writes the JavaScript beside it. */
function complaints(file: string): readonly string[] {
  const program = typescript.createProgram([file], {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    target: typescript.ScriptTarget.ES2022,
    module: typescript.ModuleKind.NodeNext,
    moduleResolution: typescript.ModuleResolutionKind.NodeNext,
    types: ['node'],
    typeRoots: [join(process.cwd(), 'node_modules/@types')],
  });
  program.emit();
  return typescript
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => typescript.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('The client, packed and installed in an empty folder', () => {
  it('allocates over HTTP and over NATS', async () => {
    await writeClientPackage(process.cwd(), join(folder, 'client'));
    await run('npm', ['pack', '--silent', join(folder, 'client')], { cwd: folder });
    const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
    await writeFile(join(home, 'package.json'), '{"type":"module","private":true}');
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', `../${archive}`];
    // Nothing of what it needs refuses the Node that it itself admits.
    await run('npm', [...install, '--engine-strict'], { cwd: home });
    expect(await readdir(join(home, 'node_modules/@berth/client'))).toContain('LICENSE');
    await writeFile(join(home, 'program.ts'), PROGRAM);
    expect(complaints(join(home, 'program.ts'))).toEqual([]);

    gateway.answer('allocate', (asked) => ({ ...granted, allocationId: asked['allocationId'] }));
    const connection = await connectNats({ servers: nats.url, name: 'test' });
    new NatsBus(connection).subscribe(
      endpoints.allocate.subject.of({ region: 'local' }),
      (message) => message.respond(encodeJson({ ...granted, token: 'over-nats' })),
    );
    const ask = async (url: string) =>
      (await run(process.execPath, ['program.js', url], { cwd: home })).stdout.trim();
    expect(await ask(gateway.url)).toBe('192.0.2.1:7777 7777 secret');
    expect(await ask(nats.url)).toBe('192.0.2.1:7777 7777 over-nats');
    await connection.close();
  }, 120_000);
});
