import { encodeJson } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { TestGateway } from '../../../test/support/gateway.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

const file = (path: string, content: string, mode = 0o644) => {
  const digest = createHash('sha256').update(content).digest('hex');
  return { path, size: content.length, mode, digest };
};

/** Stores the manifest of a version; the files themselves are not looked at. */
function stored(version: number, files: readonly object[]) {
  return storedAs(version, encodeJson({ files }), files.length);
}

async function storedAs(version: number, text: Uint8Array, files: number) {
  const manifest = createHash('sha256').update(text).digest('hex');
  await gateway.files.put(
    manifest,
    (async function* () {
      yield text;
    })(),
  );
  return { version, manifest, files, bytes: 1, at: 1 };
}

const PATH = '/v1/builds/local.harbour/difference';

describe('The difference of two versions of a build', () => {
  const before = [file('a', '1'), file('b', '1'), file('c', '1'), file('d', '1')];
  const after = [file('b', '1'), file('c', '2'), file('d', '1', 0o755), file('e', '1')];

  beforeEach(async () => {
    const versions = [
      await stored(1, before),
      await stored(3, after),
      await storedAs(4, encodeJson({ maps: 3 }), 1),
    ];
    const build = { id: 'local.harbour', version: 4, revision: 7, versions };
    gateway.answer('builds', () => ({ status: 'build', build }));
  });

  it('is each file that came, went, changed, or has other permissions', async () => {
    const { status, body } = await gateway.get(`${PATH}?from=1&to=3`);
    expect([status, body.changed, body.next]).toEqual([200, 4, undefined]);
    const sides = body.files.map((one: Record<string, object | null>) => {
      const { path, before: had, after: has } = one;
      return [path, had !== null, has !== null];
    });
    expect(sides).toEqual([
      ...[
        ['a', true, false],
        ['c', true, true],
        ['d', true, true],
        ['e', false, true],
      ],
    ]);
    const { path: _, ...shown } = file('c', '2');
    expect(body.files[1].after).toEqual(shown);
  });

  it('comes in pages', async () => {
    const first = (await gateway.get(`${PATH}?from=1&to=3&limit=3`)).body;
    expect([first.files.length, first.changed, first.next]).toEqual([3, 4, 'd']);
    const rest = (await gateway.get(`${PATH}?from=1&to=3&limit=3&after=${first.next}`)).body;
    expect(rest.files.map(({ path }: { path: string }) => path)).toEqual(['e']);
  });

  it.each([
    [`${PATH}?from=1&to=2`, 404, 'unknown-build'],
    [`${PATH}?from=1`, 400, 'invalid'],
    [`${PATH.replace('local.', '')}?from=1&to=3`, 404, 'unknown-build'],
  ])('is refused: %s', async (path, status, code) => {
    expect(await gateway.get(path)).toMatchObject({ status, body: { code } });
  });

  it('names a manifest that the store has lost', async () => {
    const [lost = ''] = gateway.files.digests;
    await gateway.files.delete(lost);
    const { status, body } = await gateway.get(`${PATH}?from=1&to=3`);
    expect([status, body.detail]).toEqual([404, expect.stringContaining(lost)]);
  });

  it('names a version whose manifest is something else', async () => {
    const { status, body } = await gateway.get(`${PATH}?from=1&to=4`);
    expect([status, body.code]).toEqual([404, 'unknown-build']);
    expect(body.detail).toContain('the manifest of version 4 cannot be read');
  });
});
