import { granted } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { dirname, join } from 'node:path';
import { TestGateway } from '../../test/support/gateway.js';
import { TestTokens, bearer } from '../../test/support/tokens.js';

const ROTATIONS = 3;
const WORKERS = 8;

/** The specs try tokens that are not valid yet, or not any more, many times. */
const PATIENT = { BERTH_FAILURE_RATE: '1000000/1000000' };

let tokens: TestTokens;
let gateway: TestGateway;
const agent = new Agent({ keepAlive: true, maxSockets: WORKERS });
beforeEach(async () => {
  tokens = await TestTokens.create();
});
afterEach(async () => {
  agent.destroy();
  await gateway.close();
  await tokens.remove();
});

function statusOf(token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', ...bearer(token) };
    const options = { port: gateway.port, path: '/v1/allocations', method: 'POST', headers, agent };
    const sent = request(options, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject).end('{"region":"local"}');
  });
}

/** Sends requests with the current token until stopped, and counts the answers by status. */
function load(current: () => string) {
  const counts = new Map<number, number>();
  const underWay = new Set<Promise<number>>();
  let isOver = false;
  const worker = async () => {
    while (!isOver) {
      const asked = statusOf(current());
      underWay.add(asked);
      const status = await asked;
      underWay.delete(asked);
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  const workers = Array.from({ length: WORKERS }, worker);
  return {
    /** Waits until everything asked so far is answered. */
    outcome: () => Promise.all(underWay),
    stop: async () => {
      isOver = true;
      await Promise.all(workers);
      return counts;
    },
  };
}

const accepted = async (token: string, wanted: number) => {
  while ((await statusOf(token)) !== wanted);
};

describe('A token that is rotated under load', () => {
  it('fails no request', async () => {
    const rate = { qps: 1_000_000, burst: 1_000_000 };
    let current = await tokens.add(['allocate'], { rate });
    gateway = await TestGateway.start({ BERTH_TOKENS: tokens.path, ...PATIENT });
    gateway.answer('allocate', () => granted);
    const { outcome, stop } = load(() => current);
    for (let turn = 0; turn < ROTATIONS; turn += 1) {
      const [before] = await tokens.list();
      const old = current;
      const next = await tokens.add(['allocate'], { rate });
      await accepted(next, 201);
      current = next;
      await outcome();
      await tokens.keep(({ id }) => id !== before?.id);
      await accepted(old, 401);
    }
    const counts = await stop();
    expect([...counts.keys()]).toEqual([201]);
    expect(counts.get(201)).toBeGreaterThan(100);
  });
});

describe('The key of JSON Web Tokens that is rotated under load', () => {
  it('fails no request', async () => {
    const rate = { qps: 1_000_000, burst: 1_000_000 };
    const [, id = '', secret = ''] =
      /^berth_([0-9a-f]+)_(.+)$/.exec(await tokens.add(['allocate'], { rate })) ?? [];
    const [file, late] = ['keys', 'late'].map((name) => join(dirname(tokens.path), name)) as [
      string,
      string,
    ];
    const key = () => randomBytes(32).toString('base64');
    let signing = key();
    await writeFile(file, signing);
    gateway = await TestGateway.start({
      BERTH_TOKENS: tokens.path,
      BERTH_JWT_KEYS: file,
      ...PATIENT,
    });
    gateway.answer('allocate', () => granted);
    const exchanged = async (): Promise<string> => {
      const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
      const answer = await gateway.post('/auth/v1/token-exchange', {}, { authorization });
      return String(answer.body.accessToken);
    };
    let current = await exchanged();
    const { outcome, stop } = load(() => current);
    for (let turn = 0; turn < ROTATIONS; turn += 1) {
      const [old, next] = [signing, key()];
      const before = current;
      await writeFile(`${file}.new`, `${next}\n${old}\n`);
      await rename(`${file}.new`, file);
      await writeFile(late, next);
      const knowing = await TestGateway.start({
        BERTH_TOKENS: tokens.path,
        BERTH_JWT_KEYS: late,
        ...PATIENT,
      });
      const isOfNext = async (token: string) =>
        (await knowing.fetch('/v1/allocations', { headers: bearer(token) })).status === 200;
      let fresh = await exchanged();
      while (!(await isOfNext(fresh))) fresh = await exchanged();
      await knowing.close();
      current = fresh;
      await outcome();
      await writeFile(`${file}.new`, `${next}\n`);
      await rename(`${file}.new`, file);
      await accepted(before, 401);
      signing = next;
    }
    const counts = await stop();
    expect([...counts.keys()]).toEqual([201]);
    expect(counts.get(201)).toBeGreaterThan(100);
  });
});
