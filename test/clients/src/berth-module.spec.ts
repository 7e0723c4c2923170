import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Player } from '../../end-to-end/src/player.js';
import { ReplayedBerthModule, type ModuleAnswer, type ModuleSettings } from './berth-module.js';
import { CSharpBerthModule, csharpIsMissing } from './csharp-module.js';
import { GuardedBerth } from './guarded-berth.js';

const POLL_MS = 100;

type Module = Pick<ReplayedBerthModule, 'allocate' | 'poll'>;

const berth = new GuardedBerth();
let settings: ModuleSettings;
let csharp: CSharpBerthModule | undefined;

beforeAll(async () => {
  await berth.start(1);
  const token = await berth.token('allocate');
  settings = { gatewayUrl: berth.url, fleet: 'sample', token };
  if (csharpIsMissing === null) csharp = await CSharpBerthModule.compile(settings);
}, 60_000);

afterAll(async () => {
  await csharp?.dispose();
  await berth.dispose();
}, 60_000);

/** Polls like Matchmaker, until the answer is no longer pending. */
async function polled(module: Module, matchId: string): Promise<ModuleAnswer> {
  for (;;) {
    const answer = await module.poll(matchId, 'local', 1);
    if (answer.status !== 'Pending') return answer;
    await sleep(POLL_MS);
  }
}

async function release(matchId: string): Promise<void> {
  const headers = { authorization: `Bearer ${settings.token}` };
  const url = `${berth.url}/v1/allocations/${matchId}?region=local`;
  expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(200);
}

const modules: readonly [string, () => Module | undefined, string | null][] = [
  ['replayed', () => new ReplayedBerthModule(settings), null],
  ['in C#', () => csharp, csharpIsMissing],
];

describe.each(modules)('The Cloud Code module, %s', (_, made, missing) => {
  const when = missing === null ? it : it.skip;
  const why = missing === null ? '' : ` (${missing})`;
  const itself = () => {
    const module = made();
    if (module === undefined) throw new Error('not compiled');
    return module;
  };

  when(`gets one server for a match, and the token for its players${why}`, async () => {
    const module = itself();
    const matchId = randomUUID();
    expect(await module.allocate(matchId, 'local')).toEqual({ status: 'Created' });
    expect(await module.allocate(matchId, 'local')).toEqual({ status: 'Created' });
    const found = await polled(module, matchId);
    expect(found).toEqual({
      status: 'Allocated',
      ip: '127.0.0.1',
      port: expect.any(Number),
      token: expect.stringMatching(/^.{16,}$/),
    });
    const player = await Player.join(`${found.ip}:${found.port}`);
    expect(await player.hear()).toContain('welcome');
    await release(matchId);
    await player.gone();
  });

  when(`waits while all servers are taken, and gives up at its deadline${why}`, async () => {
    const module = itself();
    const [first, second] = [randomUUID(), randomUUID()];
    await module.allocate(first, 'local');
    expect((await polled(module, first)).status).toBe('Allocated');
    await module.allocate(second, 'local');
    await sleep(500);
    expect(await module.poll(second, 'local', 30)).toEqual({ status: 'Pending' });
    expect(await module.poll(second, 'local', 61)).toEqual({ status: 'Error' });
    await release(first);
    // The request goes on waiting for its own time, and is served although no one needs it any
    // more.
    expect((await polled(module, second)).status).toBe('Allocated');
    await release(second);
  });

  when(`fails for a match that was never requested${why}`, async () => {
    expect(await itself().poll(randomUUID(), 'local', 1)).toEqual({ status: 'Error' });
  });
});

describe('The C# module', () => {
  it('uses the same routes and fields as its replay', async () => {
    const read = (name: string) => readFile(name, 'utf8');
    const csharpText = await read('examples/unity-matchmaker/Project/BerthGateway.cs');
    const replayText = await read('test/clients/src/berth-module.ts');
    /** Routes in order; a route that is used twice in a row counts once. */
    const routes = (text: string) =>
      [...text.matchAll(/\/v1\/[a-z]+/g)]
        .map(([route]) => route)
        .filter((route, at, all) => route !== all[at - 1]);
    expect(routes(replayText)).toEqual(routes(csharpText));
    const fields = [...csharpText.matchAll(/\{ "(\w+)", /g)].map(([, name]) => name);
    expect(fields).toContain('payload');
    for (const field of fields) expect(replayText).toMatch(new RegExp(`\\b${field}\\b[:,]`));
  });
});
