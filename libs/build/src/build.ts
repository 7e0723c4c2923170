import { decider, refusal, type Proposal } from '#kernel';
import type { BuildCommand, PushBuild, RemoveBuildVersion } from './build.commands.js';
import type { BuildEvent } from './build.events.js';
import type { BuildState } from './build.state.js';

/** Most versions that are kept of one build. */
export const BUILD_VERSIONS_MAX = 32;

/** The decider of one build. The files of a version are stored before the version is pushed. */
export const build = decider<BuildState, BuildCommand, BuildEvent>(
  { version: 0, versions: [] },
  propose,
  {
    BuildPushed: ({ versions }, { version, manifest, files, bytes, at, by }) => ({
      version,
      versions: [...versions, { version, manifest, files, bytes, at, by }],
    }),
    BuildVersionRemoved: (state, { version }) => ({
      ...state,
      versions: state.versions.filter((kept) => kept.version !== version),
    }),
  },
);

function propose(state: BuildState, command: BuildCommand): Proposal<BuildEvent> {
  switch (command.type) {
    case 'PushBuild':
      return proposePush(state, command);
    case 'RemoveBuildVersion':
      return proposeRemoval(state, command);
    default:
      return command satisfies never;
  }
}

function proposePush(state: BuildState, command: PushBuild): Proposal<BuildEvent> {
  const { at, manifest, files, bytes, reason, by } = command;
  // The same files pushed again do not make a new version.
  if (state.versions.at(-1)?.manifest === manifest) return [];
  if (state.versions.length >= BUILD_VERSIONS_MAX) {
    return refusal('too-many-versions', `${BUILD_VERSIONS_MAX} versions are kept: remove one`);
  }
  const version = state.version + 1;
  return [{ type: 'BuildPushed', at, version, manifest, files, bytes, reason, by }];
}

function proposeRemoval(
  { versions }: BuildState,
  { version, at, reason, by }: RemoveBuildVersion,
): Proposal<BuildEvent> {
  if (!versions.some((kept) => kept.version === version)) return [];
  return [{ type: 'BuildVersionRemoved', at, version, reason, by }];
}
