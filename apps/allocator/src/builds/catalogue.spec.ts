import { buildConfigurationSchema, type BuildConfigurationInput } from '#build';
import { anOffer } from '#testing';
import { changeBuildRequest, configureFleetRequest, configureRequest, encodeJson } from '#wire';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { aRequest, TestRegion } from '../../test/support/region.js';

const wanted = { reason: 'a release', by: 'operator' };
const server: BuildConfigurationInput = { executable: 'server', build: { name: 'harbour' } };

let place: TestRegion;
beforeEach(async () => {
  place = new TestRegion();
  place.agent.offer = anOffer({ runsAny: true });
  await place.startAllocator();
  await place.startAllocator();
});
afterEach(() => place.close());

const digestOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

async function* once(content: Uint8Array) {
  yield await Promise.resolve(content);
}

async function store(content: Uint8Array): Promise<string> {
  await place.files.put(digestOf(content), once(content));
  return digestOf(content);
}

/** Stores the files, and pushes them as a build at an allocator. */
async function push(...contents: readonly string[]) {
  const files: object[] = [];
  for (const content of contents) {
    const body = new TextEncoder().encode(content);
    const digest = await store(body);
    files.push({ path: `file-${files.length}`, size: body.length, mode: 0o644, digest });
  }
  const manifest = await store(encodeJson({ files }));
  return change({ kind: 'push', manifest, files: files.length, bytes: 9 });
}

function change(what: object) {
  const request = { region: 'eu', name: 'harbour', ...wanted, ...what };
  return place.kept(
    place.allocators[0]!.fleets.catalogue.builds.change(changeBuildRequest.parse(request)),
  );
}

const remove = (version: number) => change({ kind: 'remove', version });

function set(input: BuildConfigurationInput | null, revision?: number) {
  const configuration = input && buildConfigurationSchema.parse(input);
  const request = { region: 'eu', name: 'winter', configuration, ...wanted };
  const parsed = configureRequest.parse({
    ...request,
    ...(revision !== undefined && { revision }),
  });
  return place.kept(place.allocators[1]!.fleets.catalogue.configurations.set(parsed));
}

describe('Names', () => {
  test('of two builds or two configurations must not give the same number', async () => {
    const [one, twin] = ['harbour-4738', 'harbour-126672'];
    const of = (name: string) => ({ region: 'eu', name, configuration: null, ...wanted });
    const configuration = buildConfigurationSchema.parse({ executable: 'server' });
    const { configurations } = place.allocators[0]!.fleets.catalogue;
    const setAs = (name: string) => place.kept(configurations.set({ ...of(name), configuration }));
    expect(await setAs(one)).toMatchObject({ status: 'configured' });
    expect(await setAs(twin)).toMatchObject({
      code: 'invalid',
      message: `${twin} and ${one} would have the same number; take another name`,
    });
    expect(await setAs(one)).toMatchObject({ status: 'configured' });
    const pushAs = async (name: string) => {
      const digest = await store(new TextEncoder().encode(name));
      const file = { path: 'server', size: name.length, mode: 0o755, digest };
      const manifest = await store(encodeJson({ files: [file] }));
      return change({ kind: 'push', name, manifest, files: 1, bytes: name.length });
    };
    expect(await pushAs(one)).toMatchObject({ status: 'build' });
    expect(await pushAs(twin)).toMatchObject({ code: 'invalid' });
  });
});

describe('a build configuration', () => {
  test('gets the latest version of its build at the time it is set', async () => {
    await push('one');
    expect(await set(server)).toMatchObject({
      status: 'configured',
      configuration: { id: 'eu.winter', version: 1, configuration: { build: { version: 1 } } },
    });
    await push('one', 'two');
    const shown = place.allocators[0]!.fleets.catalogue.configurations.list({
      region: 'eu',
      name: 'winter',
    });
    expect(shown).toMatchObject({ configuration: { configuration: { build: { version: 1 } } } });
    expect(await set(server)).toMatchObject({
      configuration: { version: 2, configuration: { build: { name: 'harbour', version: 2 } } },
    });
  });

  test('cannot refer to a build or a version that does not exist', async () => {
    expect(await set(server)).toMatchObject({ code: 'unknown-build' });
    await push('one');
    expect(await set({ ...server, build: { name: 'harbour', version: 7 } })).toMatchObject({
      code: 'unknown-build',
      message: 'build harbour has no version 7; the kept versions are 1',
    });
  });

  test('is set only if nobody else has changed it', async () => {
    const first = await set({ executable: 'server' }, 0);
    expect(first).toMatchObject({ status: 'configured' });
    expect(await set({ executable: 'other' }, 0)).toMatchObject({ code: 'stale-revision' });
    const revision = first.status === 'configured' ? first.configuration.revision : 0;
    expect(await set({ executable: 'other' }, revision)).toMatchObject({ status: 'configured' });
  });

  test('is not removed while a fleet runs it', async () => {
    await set({ executable: 'server' });
    const request = { region: 'eu', fleet: 'harbour', buildConfiguration: 'winter', ...wanted };
    const configureFleet = configureFleetRequest.parse(request);
    await place.kept(place.allocators[0]!.fleets.configure(configureFleet));
    expect(await set(null)).toMatchObject({
      code: 'in-use',
      message: 'build configuration winter is needed by fleet harbour; change that first',
    });
    const none = { ...configureFleet, buildConfiguration: null };
    await place.kept(place.allocators[0]!.fleets.configure(none));
    expect(await set(null)).toMatchObject({ status: 'configured' });
    expect(place.allocators[0]!.fleets.catalogue.configurations.list({ region: 'eu' })).toEqual({
      status: 'configurations',
      configurations: [],
    });
  });
});

describe('a version of a build', () => {
  test('is removed together with the files that no other version needs', async () => {
    await push('one', 'both');
    await push('two', 'both');
    await push('three');
    expect(place.files.digests).toHaveLength(7);
    expect(await remove(1)).toMatchObject({ status: 'build', build: { version: 3 } });
    for (let turn = 0; turn < 100 && place.files.digests.length > 5; turn += 1) {
      await place.pass(50);
    }
    const [one, both] = ['one', 'both'].map((text) => digestOf(Buffer.from(text)));
    expect(place.files.digests).toHaveLength(5);
    expect(place.files.digests).toContain(both);
    expect(place.files.digests).not.toContain(one);
    expect(await remove(1)).toMatchObject({ code: 'unknown-build' });
  });

  test('stays while a build configuration or a slot needs it', async () => {
    await place.own('1');
    await push('one');
    await set(server);
    expect(await remove(1)).toMatchObject({
      code: 'in-use',
      message: expect.stringContaining('needed by build configuration winter'),
    });
    const request = aRequest('match', { buildConfiguration: 'winter' });
    await place.kept(place.allocators[0]!.claims.allocate(request));
    await push('two');
    await set(server);
    expect(await remove(1)).toMatchObject({
      code: 'in-use',
      message: expect.stringContaining('needed by slot eu.m.1'),
    });
    const ended = { region: 'eu', allocationId: 'match', reason: 'over', by: 'test' };
    await place.kept(place.allocators[0]!.deallocations.deallocate(ended));
    await place.pass(200);
    expect(await remove(1)).toMatchObject({ status: 'build' });
  });
});
