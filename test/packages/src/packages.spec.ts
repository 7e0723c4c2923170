import { NatsBus, connectNats } from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import { granted } from '#testing';
import { endpoints, encodeJson } from '#wire';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

async function main(): Promise<void> {
  const berth: BerthClient = await connectBerth({ url: process.argv[2] ?? '' });
  try {
    const allocation: Allocation = await berth.allocate({ region: 'local', payload: { mode: 'ctf' } });
    console.log(allocation.address, allocation.ports['game'], allocation.token);
  } catch (error) {
    console.log(error instanceof Refused ? error.code : error);
  } finally {
    await berth.close();
  }
}

void main();
`;

const GAME = `
import { connect, BerthAway, type Allocation, type BerthServer } from '@berth/sdk';

async function main(): Promise<void> {
  try {
    const berth: BerthServer = connect();
    const allocation: Allocation = await berth.allocation();
    console.log(allocation.id);
  } catch (error) {
    console.log(error instanceof BerthAway ? 'away' : String(error));
  }
}

void main();
`;

/** How a program imports a package: as an ES module, or by `require`. */
const MODULES = [
  { kind: 'an ES module', ts: 'mts', js: 'mjs' },
  { kind: 'CommonJS', ts: 'cts', js: 'cjs' },
];

/** Compiling takes seconds, and longer on a loaded computer (ms). */
const COMPILE_MS = 120_000;

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

/**
 * Settings of users that find mistakes in declarations: those of ours and of what we need, and with
 * the setting that declarations of others do not all bear.
 */
const SETTINGS = [
  { skipLibCheck: false },
  { skipLibCheck: true, exactOptionalPropertyTypes: true },
] as const;

/** The compiler's error messages for the program; writes the JavaScript next to it. */
function complaints(file: string): readonly string[] {
  return SETTINGS.flatMap((settings) => {
    const program = typescript.createProgram([file], {
      ...settings,
      strict: true,
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
  });
}

/** Writes the program and its JavaScript; returns the compiler's error messages. */
async function write(name: string, text: string): Promise<readonly string[]> {
  await writeFile(join(home, name), text);
  return complaints(join(home, name));
}

const told = async (...words: readonly string[]) =>
  (await run(process.execPath, words, { cwd: home })).stdout.trim();

jest.setTimeout(COMPILE_MS);

describe('A package, packed and installed in an empty folder', () => {
  it.each(PACKAGES)('holds the licence: $name', async ({ name }) => {
    expect(await readdir(join(home, 'node_modules', name))).toContain('LICENSE');
  });

  it.each(PACKAGES)('says how it is used: $name', async ({ name }) => {
    const text = await readFile(join(home, 'node_modules', name, 'README.md'), 'utf8');
    const [, example = ''] = /```ts\n([^]*?)```/.exec(text) ?? [];
    expect(await write('example.mts', example)).toEqual([]);
  });

  it.each(MODULES)('allocates over HTTP and over NATS in $kind', async ({ ts, js }) => {
    expect(await write(`matchmaker.${ts}`, MATCHMAKER)).toEqual([]);

    gateway.answer('allocate', (asked) => ({ ...granted, allocationId: asked['allocationId'] }));
    const connection = await connectNats({ servers: nats.url, name: 'test' });
    new NatsBus(connection).subscribe(
      endpoints.allocate.subject.of({ region: 'local' }),
      (message) => message.respond(encodeJson({ ...granted, token: 'over-nats' })),
    );
    const ask = (url: string) => told(`matchmaker.${js}`, url);
    expect(await ask(gateway.url)).toBe('192.0.2.1:7777 7777 secret');
    expect(await ask(nats.url)).toBe('192.0.2.1:7777 7777 over-nats');
    await connection.close();
  });

  it.each(MODULES)('reads its server from the environment alone in $kind', async ({ ts, js }) => {
    expect(await write(`game.${ts}`, GAME)).toEqual([]);
    expect(await told(`game.${js}`)).toContain('BERTH_SDK_URL and BERTH_SERVER_ID are not set');
  });
});
