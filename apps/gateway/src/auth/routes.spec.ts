import { SCOPE_NAMES, type Scope } from '#auth';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultDocuments } from '../openapi/default-documents.js';
import { TestGateway } from '../../test/support/gateway.js';
import { TestTokens, bearer } from '../../test/support/tokens.js';

let tokens: TestTokens;
let gateway: TestGateway;
const shown = new Map<Scope, Record<string, string>>();
let ofProject: Record<string, string>;
beforeAll(async () => {
  tokens = await TestTokens.create();
  for (const scope of SCOPE_NAMES) shown.set(scope, bearer(await tokens.add([scope])));
  const all = ['allocate', 'register', 'observe', 'operate'] as const;
  ofProject = bearer(await tokens.add(all, { project: 'acme' }));
  gateway = await TestGateway.start({ BERTH_TOKENS: tokens.path });
});
afterAll(async () => {
  await gateway.close();
  await tokens.remove();
});

/** The status of an answer, without waiting for its end. */
async function statusOf(method: string, path: string, headers: Record<string, string> = {}) {
  const abort = new AbortController();
  const { signal } = abort;
  const { status } = await gateway.fetch(path, { method: method.toUpperCase(), headers, signal });
  abort.abort();
  return status;
}

describe.each(defaultDocuments.routes)('$method $path', ({ method, path, needs, inProject }) => {
  const asked = path.replace(/\{[^}]*\}/g, 'local.a.1');

  it('declares its scopes', () => expect(needs).toBeDefined());

  it('is public, or requires a token, as declared', async () => {
    const status = await statusOf(method, asked);
    expect(status === 401).toBe(needs !== 'nothing');
  });

  it('accepts exactly the scopes that it declares', async () => {
    const letIn = await Promise.all(
      SCOPE_NAMES.map(async (scope) => (await statusOf(method, asked, shown.get(scope))) !== 403),
    );
    const expected = SCOPE_NAMES.map((scope) => needs === 'nothing' || needs?.includes(scope));
    expect(letIn).toEqual(expected);
  });

  it('is for tokens of a project only if it declares so', async () => {
    const letIn = (await statusOf(method, asked, ofProject)) !== 403;
    expect(letIn).toBe(needs === 'nothing' || inProject);
  });
});
