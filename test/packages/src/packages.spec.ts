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
import { pack, PACKAGES } from './package.js';

const run = promisify(execFile);

/** Plain programs, as a user writes them who has installed the package and nothing else. */
const MATCHMAKER = `
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

const GAME = `
import { connect, BerthAway, type Allocation, type BerthServer } from '@berth/sdk';

try {
  const berth: BerthServer = connect();
  const allocation: Allocation = await berth.allocation();
  console.log(allocation.id);
} catch (error) {
  console.log(error instanceof BerthAway ? 'away' : String(error));
}
`;

let folder: string;
let home: string;
let gateway: TestGateway;
let nats: NatsServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-packages-'));
  home = join(folder, 'home');
  await mkdir(home);
  gateway = await TestGateway.start();
  nats = await startNatsServer({ dataDirectory: join(folder, 'nats') });
  const archives = await Promise.all(PACKAGES.map((one) => pack(process.cwd(), one, folder)));
  await writeFile(join(home, 'package.json'), '{"type":"module","private":true}');
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', ...archives];
  // None of the dependencies may refuse a version of Node that the packages accept.
  await run('npm', [...install, '--engine-strict'], { cwd: home });
}, 120_000);
afterAll(async () => {
  await gateway.close();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The compiler's error messages for the program; writes the JavaScript next to it. */
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

/** Writes the program and its JavaScript; returns the compiler's error messages. */
async function write(name: string, text: string): Promise<readonly string[]> {
  await writeFile(join(home, name), text);
  return complaints(join(home, name));
}

const told = async (...words: readonly string[]) =>
  (await run(process.execPath, words, { cwd: home })).stdout.trim();

describe('A package, packed and installed in an empty folder', () => {
  it.each(PACKAGES)('holds the licence: $name', async ({ name }) => {
    expect(await readdir(join(home, 'node_modules', name))).toContain('LICENSE');
  });

  it('allocates over HTTP and over NATS with the client', async () => {
    expect(await write('matchmaker.ts', MATCHMAKER)).toEqual([]);

    gateway.answer('allocate', (asked) => ({ ...granted, allocationId: asked['allocationId'] }));
    const connection = await connectNats({ servers: nats.url, name: 'test' });
    new NatsBus(connection).subscribe(
      endpoints.allocate.subject.of({ region: 'local' }),
      (message) => message.respond(encodeJson({ ...granted, token: 'over-nats' })),
    );
    const ask = (url: string) => told('matchmaker.js', url);
    expect(await ask(gateway.url)).toBe('192.0.2.1:7777 7777 secret');
    expect(await ask(nats.url)).toBe('192.0.2.1:7777 7777 over-nats');
    await connection.close();
  });

  it('reads its server from the environment alone with the SDK', async () => {
    expect(await write('game.ts', GAME)).toEqual([]);
    expect(await told('game.js')).toContain('BERTH_SDK_URL and BERTH_SERVER_ID are not set');
  });
});
