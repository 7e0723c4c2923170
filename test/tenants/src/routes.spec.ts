import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultDocuments } from '../../../apps/gateway/src/openapi/default-documents.js';
import { PROBES } from './probes.js';
import { TwoProjects } from './world.js';

const world = new TwoProjects();
beforeAll(() => world.start(), 90_000);
afterAll(() => world.berth.dispose(), 60_000);

const routes = defaultDocuments.routes.filter(({ needs }) => needs !== 'nothing');

describe('A token of another project', () => {
  const open = routes.filter(({ inProject }) => inProject);

  it.each(open.map(({ method, path, operationId }) => [method, path, operationId] as const))(
    'learns, ends and collides with nothing: %s %s',
    async (method, path, operationId) => {
      const probe = PROBES[operationId.replace(/_\d+$/, '')];
      if (probe === undefined) {
        throw new Error(`say in probes.ts how ${operationId} is tried across projects`);
      }
      await probe(world, path, method);
      await world.requireIntact();
    },
    60_000,
  );

  it.each(routes.filter(({ inProject }) => !inProject).map(({ method, path }) => [method, path]))(
    'is not let in: %s %s',
    async (method, path) => {
      // No slot of the victim, whose name must not be in the answer.
      const asked = path.replace(/\{[^}]*\}/g, 'local.nobody.1');
      const body = method === 'get' || method === 'delete' ? undefined : {};
      const { status, text } = await world.intruder.ask(method, asked, body);
      expect(status).toBe(403);
      for (const secret of world.secrets) expect(text).not.toContain(secret);
    },
  );
});

describe('The list of probes', () => {
  it('has none for a route that is not there', () => {
    const operations = routes.map(({ operationId }) => operationId.replace(/_\d+$/, ''));
    expect(Object.keys(PROBES).filter((name) => !operations.includes(name))).toEqual([]);
  });
});
