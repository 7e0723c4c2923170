import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { TestGateway } from '../../../test/support/gateway.js';

const FILE = { 'content-type': 'application/octet-stream' };
/** More than the body of any other request may have. */
const content = randomBytes(3_000_000);
const digest = createHash('sha256').update(content).digest('hex');
const PATH = `/v1/builds/local.harbour/files/${digest}`;

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

const put = (path: string, body: Uint8Array | string, headers: Record<string, string> = FILE) =>
  gateway.get(path, { method: 'PUT', headers, body });

describe('The files of builds over HTTP', () => {
  it('are stored as they come, whatever their length', async () => {
    expect((await gateway.get(PATH)).body).toEqual({ digest, stored: false });
    expect(await put(PATH, content)).toMatchObject({ status: 200, body: { digest, stored: true } });
    expect(gateway.files.digests).toEqual([digest]);
    expect((await gateway.get(PATH)).body).toEqual({ digest, stored: true });
  });

  it('are not stored under another digest', async () => {
    const answer = await put(`/v1/builds/local.harbour/files/${'f'.repeat(64)}`, content);
    expect(answer).toMatchObject({ status: 400, body: { code: 'wrong-digest' } });
    expect(gateway.files.digests).toEqual([]);
  });

  it.each([
    ['/v1/builds/local.harbour/files/abc', FILE, 400, 'invalid'],
    [PATH.replace('local', 'mars'), FILE, 404, 'unknown-region'],
    [PATH.replace('local.', ''), FILE, 404, 'unknown-build'],
    [PATH, { 'content-type': 'application/json' }, 400, 'invalid'],
    ['/v1/build-configurations/local.winter', FILE, 415, 'not-json'],
  ])('are refused at %s with %j: %i', async (path, headers, status, code) => {
    const answer = await put(path, '{}', headers);
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('become a version of a build', async () => {
    const version = { version: 4, manifest: digest, files: 1, bytes: 9, at: 1 };
    const build = { id: 'local.harbour', version: 4, revision: 7, versions: [version] };
    const asked = gateway.answer('changeBuild', () => ({ status: 'build', build }));
    const body = { manifest: digest, files: 1, bytes: 9, reason: 'a release', by: 'ann' };
    const answer = await gateway.post('/v1/builds/local.harbour/versions', body);
    expect(answer).toMatchObject({ status: 200, body: build });
    expect(asked).toEqual([{ kind: 'push', region: 'local', name: 'harbour', ...body }]);
  });
});
