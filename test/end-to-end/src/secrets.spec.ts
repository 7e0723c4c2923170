import { freePort } from '#testing';
import { connectNats } from '#jetstream';
import { commonSettings, natsAddressOf, readConfig } from '#service-runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { defaultDocuments } from '../../../apps/gateway/src/openapi/default-documents.js';
import { GuardedBerth } from '../../clients/src/guarded-berth.js';
import { BerthDev } from './berth-dev.js';

const MAIN = resolve('dist/apps/cli/src/main.js');
const SERVICES = 5;
const NEEDLE = 'needle-of-the-payload';
/** An event stream has said what it says at first by then (ms). */
const STREAM_MS = 1_000;

let berth: GuardedBerth;
let metricsPort = 0;
let requester = '';
let observer = '';
let slot = '';
/** What must be nowhere, by what it is. */
const planted = new Map<string, string>();

beforeAll(async () => {
  metricsPort = await freePort();
  const settings = { BERTH_ENCRYPT_PAYLOADS: 'true', BERTH_METRICS_PORT: String(metricsPort) };
  berth = new GuardedBerth(new BerthDev({ ...process.env, ...settings }));
  await berth.start(2, { BERTH_FAILURE_RATE: '1000/1000' });
  requester = await berth.token('allocate');
  observer = await berth.token('observe', 'operate', 'audit');
  const asked = { region: 'local', allocationId: 'match-1', payload: { mode: NEEDLE } };
  const answer = await send('POST', '/v1/allocations', requester, JSON.stringify(asked));
  const granted = (await answer.json()) as { readonly token: string; readonly slot: string };
  slot = granted.slot;
  planted.set('the payload', NEEDLE);
  planted.set('the token of the session', granted.token);
  for (const [who, token] of Object.entries({ requester, observer })) {
    planted.set(`the access token of the ${who}`, token.split('_').at(-1) ?? '');
  }
  const seeds = join(berth.dev.data, 'access', 'seeds');
  for (const name of readdirSync(seeds)) {
    planted.set(`the seed of ${name}`, readFileSync(join(seeds, name), 'utf8').trim());
  }
}, 90_000);
afterAll(() => berth.dispose(), 60_000);

const send = (method: string, path: string, token: string, body?: string) =>
  fetch(`${berth.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    ...(body !== undefined && { body }),
  });

/** Which of the secrets a text has. */
function secretsIn(text: string): readonly string[] {
  return [...planted].flatMap(([what, secret]) => (text.includes(secret) ? [what] : []));
}

/** Everything that is said within a time: an event stream does not end. */
async function saidWithin(ms: number, { body }: Response): Promise<string> {
  let said = '';
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  const end = setTimeout(() => void reader?.cancel(), ms);
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: '', done: true };
    said += value ?? '';
    if (done) break;
  }
  clearTimeout(end);
  return said;
}

describe('A planted secret', () => {
  // A game's output is its own words: the sample game prints its payload.
  const routes = defaultDocuments.routes.filter(({ method, path }) => {
    return method === 'get' && !path.endsWith('/output');
  });

  it.each(routes.map(({ path }) => path))(
    'is not told to an operator by GET %s',
    async (path) => {
      const named = path
        .replace(/\{(allocationId|id)\}/g, path.includes('slots') ? slot : 'match-1')
        .replace(/\{slot\}/g, slot)
        .replace(/\{[^}]*\}/g, 'local');
      const answer = await send('GET', named, observer);
      expect(secretsIn(await saidWithin(STREAM_MS, answer))).toEqual([]);
    },
    20_000,
  );

  it.each([
    ['slots'],
    ['agents'],
    ['machines'],
    ['fleets'],
    ['allocations'],
    ['refusals'],
    ['status'],
    ['doctor'],
    ['events', 'SLOT'],
    ['audit', 'allocation', 'match-1'],
    ['audit', 'slot', 'SLOT'],
    ['audit', 'allocations', '--region', 'local'],
  ])(
    'is not printed by berth %s %s',
    async (...words) => {
      const all = words.filter(Boolean).map((word) => word.replace('SLOT', slot));
      const env = { ...process.env, BERTH_API: berth.url, BERTH_TOKEN: observer };
      const said = await promisify(execFile)(process.execPath, [MAIN, ...all, '--json'], {
        env,
      }).catch((error: unknown) => error as { readonly stdout: string; readonly stderr: string });
      expect(said.stdout.length + said.stderr.length).toBeGreaterThan(1);
      expect(secretsIn(said.stdout + said.stderr)).toEqual([]);
    },
    20_000,
  );

  it('is not in what berth audit export writes, nor in the list of identities', async () => {
    const file = join(berth.dev.data, 'history.jsonl');
    const env = { ...process.env, ...berth.dev.login('auditor') };
    const words = ['audit', 'export', file, '--region', 'local', '--secrets'];
    await promisify(execFile)(process.execPath, [MAIN, ...words], { env });
    expect(readFileSync(file, 'utf8')).toContain('match-1');
    expect(secretsIn(readFileSync(file, 'utf8'))).toEqual([]);
    const folder = ['--folder', join(berth.dev.data, 'access')];
    const list = [MAIN, 'nats', 'identities', '--json', ...folder];
    const { stdout } = await promisify(execFile)(process.execPath, list);
    expect(secretsIn(stdout)).toEqual([]);
  }, 30_000);

  it('is in no message that a stream has, nor in its headers', async () => {
    const login = readConfig(z.object(commonSettings), berth.dev.login('allocator'));
    const connection = await connectNats({ ...natsAddressOf(login), name: 'test' });
    const manager = await jetstreamManager(connection, { checkAPI: false });
    try {
      for (const stream of [
        'SLOTS_local',
        'OUTCOMES_local',
        'FLEETS_local',
        'CONFIGURATIONS_local',
      ]) {
        const { state } = await manager.streams.info(stream);
        for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq += 1) {
          const message = await manager.streams.getMessage(stream, { seq });
          const headers = [...(message?.header ?? [])].flat(2).join('\n');
          expect(secretsIn(`${headers}\n${message?.string() ?? ''}`)).toEqual([]);
        }
      }
    } finally {
      await connection.close();
    }
  }, 30_000);

  it('is not a label, nor a value, of a metric', async () => {
    for (let service = 0; service < SERVICES; service += 1) {
      const metrics = await fetch(`http://127.0.0.1:${metricsPort + service}/metrics`);
      const text = await metrics.text();
      expect(text.length).toBeGreaterThan(1_000);
      expect(secretsIn(text)).toEqual([]);
    }
  });

  it.each([
    ['a field that is not known', `{"region":"local","${NEEDLE}":1}`],
    ['a value of another kind', `{"region":"local","fleet":{"a":"${NEEDLE}"}}`],
    ['a body that is not JSON', `{"region":"local","payload":"${NEEDLE}"`],
    ['an attribute that cannot be one', `{"region":"local","attributes":{"a":["${NEEDLE}"]}}`],
  ])('is not repeated where a request is refused: %s', async (_, body) => {
    const answer = await send('POST', '/v1/allocations', requester, body);
    expect(answer.status).toBe(400);
    const text = (await answer.text())
      .replaceAll(`"${NEEDLE}"`, '')
      .replaceAll(`\\"${NEEDLE}\\"`, '');
    expect(secretsIn(text)).toEqual([]);
  });

  it('is not repeated where a token is refused', async () => {
    const wrong = observer.slice(0, -1);
    planted.set('a wrong token', wrong.split('_').at(-1) ?? '');
    const answer = await send('GET', '/v1/slots', wrong);
    expect([answer.status, secretsIn(await answer.text())]).toEqual([401, []]);
  });

  it('is in no line that a service has logged', () => {
    expect(berth.dev.output).toContain('Berth is ready');
    expect(secretsIn(berth.dev.output + berth.said)).toEqual([]);
  });
});
