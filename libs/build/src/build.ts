import { refusal, type Decider } from '#kernel';

/** Versions of one build that are kept. */
export const BUILD_VERSIONS_MAX = 32;

/** One version of a build's files. */
export interface BuildVersion {
  readonly version: number;
  /** SHA-256 (hex) of its manifest, which names every file with its own digest. */
  readonly manifest: string;
  readonly files: number;
  readonly bytes: number;
  readonly at: number;
}

export interface BuildState {
  /** The latest; 0: none was ever pushed. */
  readonly version: number;
  /** Those that can be fetched, the latest last. */
  readonly versions: readonly BuildVersion[];
}

interface Happened<Type extends string> {
  readonly type: Type;
  readonly at: number;
  readonly reason: string;
  readonly by: string;
}

export interface BuildPushed extends Happened<'BuildPushed'> {
  readonly version: number;
  readonly manifest: string;
  readonly files: number;
  readonly bytes: number;
}

/** Its files may be forgotten. */
export interface BuildVersionRemoved extends Happened<'BuildVersionRemoved'> {
  readonly version: number;
}

export type BuildEvent = BuildPushed | BuildVersionRemoved;

interface Wanted {
  readonly at: number;
  readonly reason: string;
  readonly by: string;
}

export interface PushBuild extends Wanted {
  readonly type: 'PushBuild';
  readonly manifest: string;
  readonly files: number;
  readonly bytes: number;
}

export interface RemoveBuildVersion extends Wanted {
  readonly type: 'RemoveBuildVersion';
  readonly version: number;
}

export type BuildCommand = PushBuild | RemoveBuildVersion;

/** The decider of one build. Its files are stored before it is told of them. */
export const build: Decider<BuildState, BuildCommand, BuildEvent> = {
  initial: { version: 0, versions: [] },

  decide(state, command) {
    const event = proposed(state, command);
    if (event === null) return { kind: 'accepted', steps: [] };
    if ('code' in event) return { kind: 'refused', refusal: event };
    return { kind: 'accepted', steps: [{ event, state: evolve(state, event) }] };
  },

  evolve,
};

function proposed(state: BuildState, command: BuildCommand) {
  const { at, reason, by } = command;
  if (command.type === 'RemoveBuildVersion') {
    const { version } = command;
    return state.versions.some((kept) => kept.version === version)
      ? ({ type: 'BuildVersionRemoved', at, version, reason, by } as const)
      : null;
  }
  const { manifest, files, bytes } = command;
  // Pushed twice is pushed once.
  if (state.versions.at(-1)?.manifest === manifest) return null;
  if (state.versions.length >= BUILD_VERSIONS_MAX) {
    return refusal('too-many-versions', `${BUILD_VERSIONS_MAX} versions are kept: remove one`);
  }
  const version = state.version + 1;
  return { type: 'BuildPushed', at, version, manifest, files, bytes, reason, by } as const;
}

function evolve(state: BuildState, event: BuildEvent): BuildState {
  switch (event.type) {
    case 'BuildPushed': {
      const { version, manifest, files, bytes, at } = event;
      const pushed = { version, manifest, files, bytes, at };
      return { version, versions: [...state.versions, pushed] };
    }
    case 'BuildVersionRemoved':
      return {
        ...state,
        versions: state.versions.filter(({ version }) => version !== event.version),
      };
    default:
      return event satisfies never;
  }
}
