import { SCOPE_NAMES } from '#auth';
import type { Subscription } from '#kernel';
import { MemoryOutcomeStore, MemoryRequestQueue } from '#memory';
import { guidOf, numberOf, slotIds } from '#multiplay';
import { SystemClock } from '#service-runtime';
import { UNNAMED } from '#slot';
import { past } from '#testing';
import { decodeJson, encodeJson, signatureIn } from '#wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { TestGateway } from '../../test/support/gateway.js';
import { TestTokens, bearer } from '../../test/support/tokens.js';
import { defaultDocuments } from '../openapi/default-documents.js';

/** Routes that change nothing which the log tells of. */
const IN_NOBODYS_NAME = new Set([
  'POST /servers/{address}/keepalive',
  'POST /auth/v1/token-exchange',
  'POST /v1/audit/index/{region}/rebuild',
  // The version that the file becomes part of names who pushed it.
  'PUT /v1/builds/{id}/files/{digest}',
]);

const SESSION = '5f3c1d3e-7a0b-4a57-9a53-0c9f1a2b3c4d';

const clock = new SystemClock();
const requests = new MemoryRequestQueue(clock);
const outcomes = new MemoryOutcomeStore();
const said: Readonly<Record<string, unknown>>[] = [];
let queue: Subscription;
let tokens: TestTokens;
let gateway: TestGateway;
let headers: Record<string, string>;

beforeAll(async () => {
  tokens = await TestTokens.create();
  headers = bearer(await tokens.add(SCOPE_NAMES, { name: 'the night shift' }));
  gateway = await TestGateway.start(
    { BERTH_TOKENS: tokens.path },
    { clock, queueOf: () => requests, outcomesOf: () => outcomes },
  );
  await gateway.record(
    'local.a.1',
    past.live.map((event) =>
      event.type === 'AllocationRequested'
        ? { ...event, allocationId: SESSION, payloadKey: 1 }
        : event,
    ),
  );
  await gateway.record('local.a.2', past.warm);
  const hear = (body: Uint8Array) => said.push(decodeJson(z.record(z.string(), z.json()), body));
  gateway.bus.subscribe('>', ({ body, respond }) => {
    hear(body);
    respond(encodeJson({ status: 'refused', code: 'invalid', message: 'only heard' }));
  });
  queue = await requests.consume((request) => {
    hear(request.body);
    void request.done();
  }, 100);
});
afterAll(async () => {
  queue.close();
  await gateway.close();
  await tokens.remove();
});

function placed(path: string): string {
  const named = path.startsWith('/v1/agents/') ? 'local.a' : 'local.a.1';
  return path
    .replace('{projectId}', 'p')
    .replace('{environmentId}', 'e')
    .replace('{fleetId}', guidOf('fleet', 'harbour'))
    .replace('{serverId}', String(slotIds('local.a.1', 'a').server))
    .replace('{address}', '192.0.2.1:7777')
    .replace('{version}', '1')
    .replace('{id}', /\/(slots|agents)\//.test(path) ? named : idIn(path));
}

function idIn(path: string): string {
  return path.includes('allocations') ? SESSION : 'local.harbour';
}

function bodyOf(method: string, path: string): unknown {
  const { paths } = defaultDocuments.openApi;
  const { requestBody } = (paths[path]?.[method] ?? {}) as {
    requestBody?: { content: Record<string, { example?: object }> };
  };
  const example = requestBody?.content['application/json']?.example;
  if (example === undefined || !('buildConfigurationId' in example)) return example;
  const configuration = { buildConfigurationId: Number(numberOf('harbour-1')), regionId: '' };
  return { ...example, ...configuration, allocationId: randomUUID() };
}

const changing = defaultDocuments.routes
  .filter(({ method, needs }) => method !== 'get' && needs !== 'nothing')
  .map(({ method, path }) => [method.toUpperCase(), path] as const)
  .filter(([method, path]) => !IN_NOBODYS_NAME.has(`${method} ${path}`));

describe('What is asked of Berth by', () => {
  it.each(changing)('%s %s says whose token it was, and at which face', async (method, path) => {
    said.length = 0;
    const body = bodyOf(method.toLowerCase(), path);
    const query = path.includes('/allocations/{id}') ? '?region=local&reason=why' : '';
    await gateway.fetch(`${placed(path)}${query}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    await new Promise((resolve) => setImmediate(resolve));
    const names = said.flatMap((message) => ('by' in message ? [String(message['by'])] : []));
    expect(names.length).toBeGreaterThan(0);
    const face = /multiplay|environments/.test(path)
      ? 'multiplay'
      : path.startsWith('/v1/')
        ? 'api'
        : 'gamefabric';
    for (const name of names) {
      expect(signatureIn(name)).toMatchObject({ token: 'the night shift', project: null, face });
      expect(signatureIn(name)?.name).not.toBe(UNNAMED);
    }
  });
});
