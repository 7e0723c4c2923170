import { buildConfigurationSchema } from '#build';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

const json = { 'content-type': 'application/json' };
const wanted = { reason: 'a release', by: 'me' };
const { build: none, ...rest } = buildConfigurationSchema.parse({ executable: 'server' });
const configuration = { build: none as null, ...rest };
const winter = { id: 'local.winter', version: 3, revision: 12, configuration };
const PATH = '/v1/build-configurations/local.winter';

const put = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  gateway.get(path, {
    method: 'PUT',
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  });

describe('Build configurations', () => {
  it('are listed in short', async () => {
    const summary = { id: 'local.winter', version: 3, revision: 12, build: null, executable: 's' };
    const asked = gateway.answer('configurations', () => ({
      status: 'configurations',
      configurations: [summary],
    }));
    const { body } = await gateway.get('/v1/build-configurations');
    expect(body).toEqual({ buildConfigurations: [summary] });
    expect(asked).toEqual([{ region: 'local' }]);
  });

  it('are shown whole, with their revision as ETag', async () => {
    gateway.answer('configurations', () => ({ status: 'configured', configuration: winter }));
    const { body, headers } = await gateway.get(PATH);
    expect(body).toEqual(winter);
    expect(headers.get('etag')).toBe('"12"');
  });

  it('are set with defaults for all omitted fields, if nobody else has changed them', async () => {
    const asked = gateway.answer('configure', () => ({
      status: 'configured',
      configuration: winter,
    }));
    const body = { configuration: { executable: 'server' }, ...wanted };
    const answer = await put(PATH, body, { 'if-match': '"11"' });
    expect(answer).toMatchObject({ status: 200, body: winter });
    const ref = { region: 'local', name: 'winter' };
    expect(asked).toEqual([{ ...ref, configuration, ...wanted, revision: 11 }]);
  });

  it.each([
    [{}, 'configuration'],
    [{ configuration: { executable: 'server', colour: 'red' } }, 'colour'],
    [{ configuration: { executable: 'server', stopGraceMs: -1 } }, 'stopGraceMs'],
    [{ configuration: { executable: 's', arguments: Array(5).fill('x'.repeat(4_000)) } }, 'bytes'],
  ])('cannot be set to %j', async (body, named) => {
    const answer = await put(PATH, body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(named);
  });

  it('are not removed while they are needed', async () => {
    const asked = gateway.answer('configure', () => ({
      status: 'refused',
      code: 'in-use',
      message: 'needed by fleet harbour',
    }));
    const { status, body } = await gateway.get(`${PATH}?by=me`, { method: 'DELETE' });
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'in-use' });
    expect(asked).toMatchObject([{ configuration: null, by: 'me' }]);
  });

  it('can be set for a fleet', async () => {
    const fleet = { id: 'local.harbour', size: null, revision: 4, allocated: 0, warm: 0, cold: 0 };
    const progress = { version: 3, done: 1, changing: 1, waiting: 6, failed: 0 };
    const rollout = { buildConfiguration: 'winter', ...progress };
    const shown = { ...fleet, buildConfiguration: 'winter', atATime: 2, rollout };
    const asked = gateway.answer('configureFleet', () => ({ status: 'sized', fleet: shown }));
    const body = { buildConfiguration: 'winter', atATime: 2, ...wanted };
    const answer = await put('/v1/fleets/local.harbour/build-configuration', body);
    expect(answer).toMatchObject({ status: 200, body: shown });
    expect(asked).toEqual([{ region: 'local', fleet: 'harbour', ...body }]);
  });

  it.each(['winter', 'local.a.b'])('cannot be named %s', async (name) => {
    const { status, body } = await gateway.get(`/v1/build-configurations/${name}`);
    expect({ status, code: body.code }).toEqual({
      status: 404,
      code: 'unknown-build-configuration',
    });
  });
});

describe('Builds', () => {
  const version = {
    version: 2,
    manifest: 'a'.repeat(64),
    files: 3,
    bytes: 4_096,
    at: 1,
    by: 'ann',
  };
  const harbour = { id: 'local.harbour', version: 2, revision: 9, versions: [version] };

  it('are listed with their latest version', async () => {
    const summary = {
      id: 'local.harbour',
      version: 2,
      revision: 9,
      versions: 1,
      files: 3,
      bytes: 4,
    };
    gateway.answer('builds', () => ({ status: 'builds', builds: [summary] }));
    expect((await gateway.get('/v1/builds')).body).toEqual({ builds: [summary] });
  });

  it('are shown with all kept versions', async () => {
    const asked = gateway.answer('builds', () => ({ status: 'build', build: harbour }));
    expect((await gateway.get('/v1/builds/local.harbour')).body).toEqual(harbour);
    expect(asked).toEqual([{ region: 'local', name: 'harbour' }]);
  });

  it('lose the version of a given number, and nothing for an invalid number', async () => {
    const asked = gateway.answer('changeBuild', () => ({ status: 'build', build: harbour }));
    const path = '/v1/builds/local.harbour/versions';
    expect((await gateway.get(`${path}/1`, { method: 'DELETE' })).body).toEqual(harbour);
    expect(asked).toMatchObject([{ kind: 'remove', region: 'local', name: 'harbour', version: 1 }]);
    expect((await gateway.get(`${path}/one`, { method: 'DELETE' })).status).toBe(404);
  });
});
