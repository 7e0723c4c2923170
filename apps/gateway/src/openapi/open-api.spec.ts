import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { TestGateway } from '../../test/support/gateway.js';
import { defaultDocuments as documents } from './default-documents.js';
import { answerExample, bodyExample } from './examples/examples.js';
import { Components } from './schemas.js';
import { breachIn } from '../../test/support/conformance.js';

let gateway: TestGateway;

describe('GET /openapi.json', () => {
  afterEach(() => gateway.close());

  it('has every route and no other', async () => {
    gateway = await TestGateway.start();
    const { body } = await gateway.get('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const described = Object.entries(body.paths as Record<string, object>).flatMap(
      ([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`),
    );
    const served = gateway.routes
      .filter((route) => !/^(HEAD|OPTIONS) /.test(route))
      .map((route) => {
        const [method = '', path = ''] = route.split(' ');
        return `${method.toLowerCase()} ${path.replace(/:([^/]+)/g, '{$1}')}`;
      });
    expect(described.sort()).toEqual(served.sort());
  });
});

describe('The document', () => {
  const operations = documents.routes.map(
    (route) => [`${route.method} ${route.path}`, route] as const,
  );

  it.each(operations)('says what %s does and what it answers', (_, { description }) => {
    expect(description?.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(Object.keys(description?.answers ?? {})).not.toEqual([]);
  });

  it.each(operations)('lists every parameter in the path of %s', (_, { path, params }) => {
    const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    expect(params.map(({ name }) => name).sort()).toEqual(named.sort());
  });

  it('gives each operation a name of its own', () => {
    const names = documents.routes.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has no dangling references', () => {
    const { components } = documents.openApi;
    const text = JSON.stringify(documents.openApi);
    const named = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(named.length).toBeGreaterThan(10);
    for (const [, name = ''] of named) expect(components.schemas).toHaveProperty(name);
    expect(text).not.toContain('$defs');
  });

  it.each(operations)('has a valid example body for %s if it takes a body', (_, route) => {
    const example = bodyExample(route);
    expect(example !== undefined).toBe(route.body !== undefined);
    expect(route.body?.safeParse(example).error).toBeUndefined();
  });

  it.each(operations)('has complete example answers for %s', (_, route) => {
    for (const [code, answer] of Object.entries(route.description?.answers ?? {})) {
      const schema = 'mediaType' in answer ? answer.schema : answer;
      if (Number(code) >= 300 || schema === undefined) continue;
      const example = answerExample(route, Number(code));
      expect([code, example]).not.toEqual([code, undefined]);
      const { data, error } = schema.safeParse(example);
      expect(error).toBeUndefined();
      expect(JSON.parse(JSON.stringify(data))).toEqual(example);
    }
  });

  it('lists every operation under a tag', () => {
    const tags = Object.values(documents.openApi.paths)
      .flatMap((found) => Object.values(found))
      .flatMap((operation) => operation.tags);
    expect([...new Set(tags)].sort()).toEqual([
      'GameFabric',
      'Multiplay',
      'about',
      'agents',
      'allocations',
      'audit',
      'build-configurations',
      'builds',
      'events',
      'fleets',
      'installation',
      'machines',
      'refusals',
      'requests',
      'slots',
      'waiting',
    ]);
  });

  it('names every object, so that generators need not', () => {
    const { schemas } = documents.openApi.components;
    const nameless: string[] = [];
    const look = (value: unknown, path: string) => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        const isSchema = typeof inner === 'object' && inner !== null && 'properties' in inner;
        if (isSchema && inner.type === 'object') nameless.push(`${path}/${key}`);
        if (!/^examples?$/.test(key)) look(inner, `${path}/${key}`);
      }
    };
    look(documents.openApi.paths, 'paths');
    for (const [name, schema] of Object.entries(schemas)) look(schema, name);
    expect(nameless).toEqual([]);
    // Generators convert names to their language's own style, so they must differ in letters and
    // digits.
    const written = Object.keys(schemas).map((name) =>
      name.toLowerCase().replace(/[^a-z0-9]/g, ''),
    );
    expect(new Set(written).size).toBe(written.length);
    expect(schemas).toHaveProperty('RecordedEvent');
  });

  it('asks for a name if one of several variants has none', () => {
    const other = z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]);
    expect(() => new Components().output(z.object({ other }), 'Whole')).toThrow('WholeOther');
  });

  it('says which scopes every operation needs', () => {
    const operations = Object.values(documents.openApi.paths).flatMap((found) =>
      Object.values(found),
    );
    for (const operation of operations) expect(operation).toHaveProperty('security');
  });

  it('refuses two schemas with the same name', () => {
    const components = new Components();
    components.output(z.object({ a: z.string() }).meta({ id: 'SameName' }));
    const other = z.object({ thing: z.object({ b: z.string() }) });
    z.globalRegistry.add(other.shape.thing, { id: 'OtherName' });
    components.output(other);
    expect(Object.keys(components.schemas)).toEqual(['OtherName', 'SameName']);
  });
});

describe('An answer', () => {
  const seen = { method: 'GET', mediaType: 'application/json' };

  it.each([
    ['has a field missing', { path: '/healthz', status: 200, body: {} }],
    ['has an undocumented field', { path: '/healthz', status: 200, body: { status: 'ok', x: 1 } }],
    ['has an undocumented status', { path: '/healthz', status: 201, body: { status: 'ok' } }],
    ['is an error of another format', { path: '/v1/slots', status: 400, body: { error: 'no' } }],
  ])('violates the document if it %s', (_, answer) => {
    expect(breachIn({ ...seen, ...answer })).not.toBeNull();
  });
});
