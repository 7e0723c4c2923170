import { BUILD_VERSIONS_MAX, build, type PushBuild } from '#build';
import { given, START } from '#testing';
import { describe, expect, it } from '@jest/globals';

const wanted = { at: START, reason: 'a release', by: 'operator' };
const push = (manifest: string): PushBuild => {
  return { type: 'PushBuild', manifest, files: 3, bytes: 42, ...wanted };
};
const pushed = (version: number) =>
  ({
    type: 'BuildPushed',
    version,
    manifest: `m${version}`,
    files: 3,
    bytes: 42,
    ...wanted,
  }) as const;

describe('A build', () => {
  it('gets a new version for every different set of files', () => {
    given(build).when(push('m1')).then(pushed(1));
    given(build, pushed(1)).when(push('m2')).then(pushed(2));
  });

  it('gets no new version if nothing has changed', () => {
    given(build, pushed(1)).when(push('m1')).thenNothing();
  });

  it('never uses a version number again', () => {
    const removed = { type: 'BuildVersionRemoved', version: 1, ...wanted } as const;
    given(build, pushed(1))
      .when({ type: 'RemoveBuildVersion', version: 1, ...wanted })
      .then(removed);
    given(build, pushed(1), removed).when(push('m1')).then({ type: 'BuildPushed', version: 2 });
  });

  it('says of each version who pushed it', () => {
    const { versions } = given(build, pushed(1)).state;
    expect(versions.map(({ by }) => by)).toEqual([pushed(1).by]);
  });

  it('keeps a limited number of versions', () => {
    const all = Array.from({ length: BUILD_VERSIONS_MAX }, (_, index) => pushed(index + 1));
    given(build, ...all)
      .when(push('new'))
      .thenRefused('too-many-versions');
    expect(given(build, ...all).state.versions).toHaveLength(BUILD_VERSIONS_MAX);
  });
});
