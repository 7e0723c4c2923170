import { jsonText } from '#json';
import { granted } from '#testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { encodeJson, endpoints } from '#wire';
import { z } from 'zod';
import { TestGateway } from '../../test/support/gateway.js';
import { JsonBody } from '../http/json-body.js';
import { defaultDocuments } from '../openapi/default-documents.js';
import { VendorBody } from './vendor-body.js';

let gateway: TestGateway | undefined;
afterEach(() => gateway?.close());

const read = (schema: z.ZodType, text: string) =>
  new VendorBody(schema).transform(new JsonBody(text));

describe("A body of a vendor's client", () => {
  const schema = z.object({
    must: z.string(),
    may: z.string().optional(),
    filled: z.array(z.string()).default(['a']),
    inner: z.object({ may: z.int().optional() }).optional(),
    carried: jsonText.optional(),
  });

  it('may hold null wherever a field may be omitted', () => {
    const sent = '{"must":"a","may":null,"filled":null,"inner":{"may":null},"carried":null}';
    expect(read(schema, sent)).toEqual({ must: 'a', filled: ['a'], inner: {} });
  });

  it('keeps payloads unchanged', () => {
    expect(read(schema, '{"must":"a","carried":{"n":null,"f":1.0}}')).toMatchObject({
      carried: { text: '{"n":null,"f":1.0}' },
    });
  });

  it('must hold every required field', () => {
    expect(() => read(schema, '{"must":null}')).toThrow('must: ');
  });

  it.each([
    ['/allocate', ['attributes', 'payload']],
    ['/servers', ['attributes', 'ports', 'callback', 'requiredAttributes', 'score', 'timeout']],
    ['/servers/{address}/keepalive', ['timeout']],
    ['/v4/projects/{projectId}', ['regionId', 'payload', 'restart']],
  ])('of POST %s may have null for %j', (path, names) => {
    const route = defaultDocuments.routes.find(
      (one) => one.method === 'post' && one.path.startsWith(path) && one.body !== undefined,
    );
    const pipe = new VendorBody(route?.body ?? z.never());
    const required = {
      region: 'local',
      address: '192.0.2.1:7777',
      priority: 0,
      allocationId: '1a04a1ac-0000-4000-8000-0123456789ab',
      buildConfigurationId: 1,
    };
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    const sent = new JsonBody(JSON.stringify({ ...required, ...nulls }));
    const parsed = pipe.transform(new JsonBody(JSON.stringify(required)));
    expect(pipe.transform(sent)).toEqual(parsed);
  });
});

describe('Over HTTP, null counts as absent', () => {
  it('for GameFabric', async () => {
    gateway = await TestGateway.start();
    const asked = gateway.answer('allocate', () => granted);
    const sent = { region: 'local', attributes: null, payload: null };
    expect((await gateway.post('/allocate', sent)).status).toBe(200);
    expect(asked).toMatchObject([{ attributes: {} }]);
  });

  it('for servers that register', async () => {
    gateway = await TestGateway.start();
    const address = '192.0.2.1:7777';
    gateway.bus.subscribe(endpoints.register.subject.of({ region: 'local' }), (message) => {
      const rest = { region: 'local', slot: 'local.registrar.1', timeout: 60, offered: true };
      message.respond(encodeJson({ status: 'registered', address, ...rest }));
    });
    const sent = { address, priority: 0, region: null, callback: null, ports: null, score: null };
    expect((await gateway.post('/servers', sent)).status).toBe(201);
  });
});
