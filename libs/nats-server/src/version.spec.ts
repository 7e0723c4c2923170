import { describe, expect, it } from '@jest/globals';
import { checkServerVersion, isAtLeast, ServerTooOld } from './version.js';

const single = { replicas: 1, clustered: false };
const replicated = { replicas: 3, clustered: true };

describe('The version gate', () => {
  it.each(['2.11.0', '2.11.6', 'v2.12.0', '2.14.3', '2.15.0-RC.1', '3.0.0'])(
    'accepts a single server of %s',
    (version) => expect(() => checkServerVersion({ version, ...single })).not.toThrow(),
  );

  it.each(['2.9.10', '2.10.29', '2.11.0-RC.1', '1.12.0'])(
    'refuses a single server of %s',
    (version) => expect(() => checkServerVersion({ version, ...single })).toThrow(ServerTooOld),
  );

  it.each(['2.14.4', '2.14.5', '2.15.0-RC.1', '2.15.2', '3.0.0'])(
    'accepts a replicated stream on %s',
    (version) => expect(() => checkServerVersion({ version, ...replicated })).not.toThrow(),
  );

  it.each([
    ['2.9.10', 'racing writers'],
    ['2.10.29', 'replicas disagree'],
    ['2.11.17', 'poisons its message id'],
    ['2.12.0-RC.1', 'poisons its message id'],
    ['2.12.15', 'not fenced by term'],
    ['2.14.4-RC.1', 'not fenced by term'],
  ])('refuses a replicated stream on %s, because of: %s', (version, reason) => {
    expect(() => checkServerVersion({ version, ...replicated })).toThrow(
      expect.objectContaining({
        name: 'ServerTooOld',
        version,
        versionMin: '2.14.4',
        reason: expect.stringContaining(reason),
      }),
    );
  });

  it('applies the minimum of a cluster to an unreplicated stream inside a cluster', () => {
    const check = { version: '2.11.6', replicas: 1, clustered: true };
    expect(() => checkServerVersion(check)).toThrow(ServerTooOld);
  });

  it.each(['', 'devel', '2.14', 'v2.x.0'])('refuses %j, which it cannot read', (version) => {
    expect(() => checkServerVersion({ version, ...single })).toThrow(ServerTooOld);
  });
});

describe('A version', () => {
  it.each([
    ['2.11.0', '2.11.0', true],
    ['2.9.0', '2.11.0', false],
    ['2.100.0', '2.11.0', true],
    ['2.11.0+build.5', '2.11.0', true],
    ['2.11.0-preview.2', '2.11.0', false],
    ['2.11.1-preview.2', '2.11.0', true],
  ])('%s is at least %s: %j', (version, versionMin, expected) => {
    expect(isAtLeast(version, versionMin)).toBe(expected);
  });
});
