import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { TestGateway } from '../test-gateway.js';
import { defaultDocuments as documents } from './default-documents.js';
import { Components } from './schemas.js';
import { breachIn } from './test-conformance.js';

let gateway: TestGateway;

describe('GET /openapi.json', () => {
  afterEach(() => gateway.close());

  it('is the document of every route there is, and of no other', async () => {
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

  it.each(operations)('says what %s is for, and what it answers', (_, { description }) => {
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

  it('refers to nothing that is not in it', () => {
    const { components } = documents.openApi;
    const text = JSON.stringify(documents.openApi);
    const named = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(named.length).toBeGreaterThan(10);
    for (const [, name = ''] of named) expect(components.schemas).toHaveProperty(name);
    expect(text).not.toContain('$defs');
  });

  it('has examples that the schemas take', () => {
    const schemas = documents.routes.flatMap(({ body, description }) => [
      ...(body === undefined ? [] : [body]),
      ...Object.values(description?.answers ?? {}).filter((answer) => answer instanceof z.ZodType),
    ]);
    const examples = schemas.flatMap((schema) =>
      ((schema.meta()?.['examples'] ?? []) as unknown[]).map(
        (example) => [schema, example] as const,
      ),
    );
    expect(examples.length).toBeGreaterThan(2);
    for (const [schema, example] of examples)
      expect(schema.safeParse(example).error).toBeUndefined();
  });

  it('refuses two schemas of one name', () => {
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
    ['misses something', { path: '/healthz', status: 200, body: {} }],
    ['says more than is promised', { path: '/healthz', status: 200, body: { status: 'ok', x: 1 } }],
    [
      'has a status that is not promised',
      { path: '/healthz', status: 201, body: { status: 'ok' } },
    ],
    ['is a refusal of another shape', { path: '/v1/slots', status: 400, body: { error: 'no' } }],
  ])('breaks the promise where it %s', (_, answer) => {
    expect(breachIn({ ...seen, ...answer })).not.toBeNull();
  });
});
