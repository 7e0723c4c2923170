import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpLoad } from './http-load.js';
import { Installation, PARTS, REGION } from './installation.js';
import { lastRelease, THIS, type Release } from './release.js';
import type { Tallies } from './tallies.js';

const last = await lastRelease();

/** Each mixture of versions is under load for this time (ms). */
const BETWEEN_MS = 1_000;

/**
 * Each kind of request is served at least so often in a pass, or the test shows nothing. A published
 * request whose allocator is killed is served when the queue gives it to another, so there are few.
 */
const SERVED_MIN = 1;

const FAILED_SHOWN_MAX = 3;

describe('Version 0.2.0 beside this one, under load', () => {
  if ('missing' in last) {
    it.skip(`is not tried: ${last.missing}`, () => undefined);
    return;
  }
  const installation = new Installation();

  beforeAll(() => installation.start(last), 120_000);

  afterAll(() => installation.close(), 30_000);

  it('serves each request that both know while the parts are upgraded one by one', async () => {
    const tallies = await underLoad(installation, last, 'up', async () => {
      for (const part of PARTS) {
        await installation.replace(part, THIS);
        await sleep(BETWEEN_MS);
      }
    });
    expect(failuresIn(tallies)).toEqual([]);
  }, 240_000);

  /** So the old allocators are asked by new gateways and hear new agents. */
  it('serves each of them while the parts are killed and taken back, in the same order', async () => {
    const tallies = await underLoad(installation, last, 'back', async () => {
      for (const part of PARTS) {
        await installation.replace(part, last, part !== 'registrar');
        await sleep(BETWEEN_MS);
      }
    });
    expect(failuresIn(tallies)).toEqual([]);
  }, 240_000);
});

/** Clients of both versions and an HTTP client ask for servers while something happens. */
async function underLoad(
  installation: Installation,
  last: Release,
  pass: string,
  happens: () => Promise<void>,
): Promise<ReadonlyMap<string, Tallies>> {
  const http = new HttpLoad(pass, REGION, () => installation.url);
  const [finishLast, finishThis] = await Promise.all([
    installation.requester(`${pass}-last`, last),
    installation.requester(`${pass}-this`, THIS),
  ]);
  http.start();
  await sleep(BETWEEN_MS);
  await happens();
  const [ofLast, ofThis, overHttp] = await Promise.all([finishLast(), finishThis(), http.stop()]);
  return new Map([
    ['client of 0.2.0', ofLast],
    ['client of this version', ofThis],
    ['HTTP', overHttp],
  ]);
}

function failuresIn(tallies: ReadonlyMap<string, Tallies>) {
  const all = [...tallies].flatMap(([client, kinds]) =>
    Object.entries(kinds).map(([kind, tally]) => ({ kind: `${client}: ${kind}`, ...tally })),
  );
  return all
    .filter(({ served, failed }) => failed.length > 0 || served < SERVED_MIN)
    .map((one) => ({ ...one, failed: one.failed.slice(0, FAILED_SHOWN_MAX) }));
}
