import { buildConfiguration, VERSIONS_MAX, type BuildConfiguration } from '#build';
import { given, START } from '#testing';
import { describe, expect, it } from '@jest/globals';

const wanted = { at: START, reason: 'a release', by: 'operator' };

const configuration: BuildConfiguration = {
  build: { name: 'harbour', version: 3 },
  executable: 'server',
  arguments: ['-port', '{port}'],
  workingDirectory: 'slot',
  variables: {},
  query: 'none',
  countBots: false,
  checks: { everyMs: 5_000, withinMs: 1_000, failuresMax: 3 },
  callback: { kind: 'none', ready: 'listening' },
  readiness: false,
  payloadFile: null,
  answerVariables: [],
  stopSignal: 'SIGTERM',
  stopGraceMs: 20_000,
  callbackMs: 5_000,
  coldStartMs: 30_000,
  idleMs: 3_600_000,
  sessionMs: null,
  restartsMax: 3,
};
const set = (to: BuildConfiguration | null) =>
  ({ type: 'SetConfiguration', configuration: to, ...wanted }) as const;
const wasSet = (version: number, change: Partial<BuildConfiguration> = {}) =>
  ({
    type: 'ConfigurationSet',
    version,
    configuration: { ...configuration, ...change },
    ...wanted,
  }) as const;

describe('A build configuration', () => {
  it('gets a new version with every change, and none without a change', () => {
    given(buildConfiguration).when(set(configuration)).then(wasSet(1));
    given(buildConfiguration, wasSet(1)).when(set(configuration)).thenNothing();
    const other = { ...configuration, readiness: true };
    given(buildConfiguration, wasSet(1))
      .when(set(other))
      .then(wasSet(2, { readiness: true }));
  });

  it('can be removed, and continues its version numbers when it is set again', () => {
    const removed = { type: 'ConfigurationRemoved', ...wanted } as const;
    given(buildConfiguration, wasSet(1)).when(set(null)).then(removed);
    given(buildConfiguration, wasSet(1), removed).when(set(configuration)).then(wasSet(2));
    expect(given(buildConfiguration, wasSet(1), removed).state.versions['1']).toEqual(
      configuration,
    );
  });

  it('keeps its latest versions available', () => {
    const past = Array.from({ length: 20 }, (_, index) => wasSet(index + 1, { idleMs: index + 1 }));
    const { versions } = given(buildConfiguration, ...past).state;
    expect(Object.keys(versions)).toHaveLength(VERSIONS_MAX);
    expect(versions['20']?.idleMs).toBe(20);
  });
});
