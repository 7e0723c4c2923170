import { granted } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultDocuments } from '../../../apps/gateway/src/openapi/default-documents.js';
import { bodyExample } from '../../../apps/gateway/src/openapi/examples/examples.js';
import { TestGateway } from '../../../apps/gateway/test/support/gateway.js';
import { httpCall } from './http-call.js';

const WRONG = ['text/plain', 'application/x-www-form-urlencoded', 'json'];
const VENDORS = /^\/(allocate|servers|auth|v4|multiplay|api|v1\/allocations\/projects)(\/|$)/;

const places: Readonly<Record<string, string>> = { '{address}': '192.0.2.1:7777' };
const changing = defaultDocuments.routes
  .filter(({ method }) => method !== 'get')
  .map((route) => ({
    method: route.method.toUpperCase(),
    path: route.path.replace(/\{\w+\}/g, (name) => places[name] ?? 'x'),
    // A route that reads no body ignores it.
    body: JSON.stringify(bodyExample(route) ?? { allocationId: 'x' }),
    isRead: route.body !== undefined,
  }));
const read = changing.filter(({ isRead }) => isRead);
const native = read.filter(({ path }) => !VENDORS.test(path));
const vendors = changing.filter(({ path }) => VENDORS.test(path));
const removing = changing.filter(({ method }) => method === 'DELETE');

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start({ HTTP_HOST: '127.0.0.1' });
});
afterAll(() => gateway.close());

const send = (method: string, path: string, body: string, type?: string) =>
  httpCall(
    method,
    `${gateway.url}${path}`,
    type === undefined ? {} : { 'content-type': type },
    body,
  );

describe('A body', () => {
  it('of a GameFabric matchmaker in Go, which sends no type, is accepted', async () => {
    const asked = gateway.answer('allocate', () => granted);
    const payload = { steamId: 1 };
    const body = JSON.stringify({ region: 'local', attributes: { env: 'prod' }, payload });
    for (const type of [undefined, '', ...WRONG]) {
      const { status, text } = await send('POST', '/allocate', body, type);
      expect([type, status]).toEqual([type, 200]);
      expect(JSON.parse(text)).toMatchObject({ address: granted.address });
    }
    expect(asked.map((one) => one['payload'])).toEqual(Array(5).fill(payload));
  });

  it.each(changing)(
    'without a type is read as JSON: $method $path',
    async ({ method, path, body }) => {
      const { status, text } = await send(method, path, body);
      expect(status).not.toBe(415);
      expect(text).not.toMatch(/body is empty|not JSON/);
    },
  );

  it.each([...vendors, ...removing])(
    'of any type is read as JSON, or ignored: $method $path',
    async ({ method, path, body }) => {
      for (const type of WRONG) {
        const { status, text } = await send(method, path, body, type);
        expect([type, status]).not.toEqual([type, 415]);
        expect(text).not.toMatch(/body is empty|not JSON/);
      }
    },
  );

  it.each(removing)('is ignored, whatever it holds: $method $path', async ({ method, path }) => {
    const answers = await Promise.all(
      ['', '{"allocationId":', '\u0000', '[]'].map((body) => send(method, path, body)),
    );
    const [first] = answers;
    for (const { status } of answers) expect(status).toBe(first?.status);
  });

  it.each(native)(
    'of a wrong type is refused, and the error names the type: $method $path',
    async (route) => {
      for (const type of WRONG) {
        const { status, text } = await send(route.method, route.path, route.body, type);
        expect([type, status]).toEqual([type, 415]);
        expect(JSON.parse(text).detail).toContain(`is declared as "${type}"`);
      }
    },
  );

  it('that is not JSON is refused as such, whatever its type', async () => {
    for (const type of [undefined, ...WRONG]) {
      const { status, text } = await send('POST', '/allocate', 'region=local', type);
      expect([status, JSON.parse(text).error]).toEqual([400, expect.stringContaining('not JSON')]);
    }
  });
});
