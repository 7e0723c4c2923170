import { build, type BuildCommand, type BuildEvent, type BuildState } from '#build';
import {
  endpoints,
  nameInRegion,
  type BuildsAnswer,
  type BuildSummary,
  type BuildView,
  type ChangeBuildAnswer,
  type ChangeBuildRequest,
  type NamesRequest,
  type PushRequest,
  type Refused,
  type RemoveVersionRequest,
} from '#wire';
import { refusedAnswer } from '../claim/answers.js';
import { refusalOfTwin } from './twin.js';
import { Settings, type Setting, type SettingsDeps } from '../operate/settings.js';

/** Greatest number of builds in one region. */
const BUILDS_MAX = 1_000;

export type BuildDeps = SettingsDeps<BuildState, BuildEvent>;

/** The builds of a region, and their versions. The client that pushes a build stores its files. */
export class Builds {
  private readonly settings: Settings<BuildState, BuildCommand, BuildEvent>;

  constructor(
    allocator: string,
    private readonly region: string,
    private readonly deps: BuildDeps,
    /** What uses a version of a build; null if nothing does. */
    private readonly userOf: (name: string, version: number) => string | null,
    /** Called when a version has been removed, with the digest of its manifest. */
    private readonly removed: (manifest: string) => void = () => undefined,
  ) {
    const kind = {
      noun: 'build',
      filter: endpoints.build.subject.filter({ region }),
      subjectOf: (name: string) => endpoints.build.subject.of({ region, name }),
      nameOf: (subject: string) => endpoints.build.subject.parse(subject).name,
      decider: build,
    };
    this.settings = new Settings(allocator, kind, deps);
  }

  start(): Promise<void> {
    return this.settings.start();
  }

  stop(): void {
    this.settings.stop();
  }

  /**
   * The version to use, or why there is none. Undefined asks for the latest version that is kept.
   */
  pin(name: string, version: number | undefined): number | Refused {
    const { versions } = this.settings.of(name).state;
    const latest = versions.at(-1);
    if (latest === undefined) return unknownBuild(`no build ${name} was pushed to ${this.region}`);
    if (version === undefined) return latest.version;
    if (versions.some((kept) => kept.version === version)) return version;
    const kept = versions.map((each) => each.version).join(', ');
    return unknownBuild(`build ${name} has no version ${version}; the kept versions are ${kept}`);
  }

  /** Digests of the manifests of all versions that are kept. */
  get manifests(): readonly string[] {
    return [...this.settings.names].flatMap((name) =>
      this.settings.of(name).state.versions.map(({ manifest }) => manifest),
    );
  }

  async change(request: ChangeBuildRequest): Promise<ChangeBuildAnswer> {
    const set = await (request.kind === 'push' ? this.push(request) : this.remove(request));
    if ('status' in set) return set;
    const { kind, name, reason, by } = request;
    const { region } = this;
    const text = kind === 'push' ? 'a build is pushed' : 'a version of a build is removed';
    this.deps.logger.info({ region, build: name, reason, by }, text);
    return { status: 'build', build: this.view(name, set) };
  }

  list({ name }: NamesRequest): BuildsAnswer {
    if (name !== undefined) {
      const setting = this.settings.of(name);
      if (setting.revision === 0) return unknownBuild(`no build ${name} was pushed`);
      return { status: 'build', build: this.view(name, setting) };
    }
    const builds = [...this.settings.names].sort().map((each) => this.summary(each));
    return { status: 'builds', builds };
  }

  private push({ name, manifest, files, bytes, reason, by }: PushRequest) {
    const refused = this.settings.of(name).revision === 0 ? this.refusalOfNew(name) : null;
    if (refused !== null) return refused;
    return this.settings.record({
      name,
      command: (at) => ({ type: 'PushBuild', at, manifest, files, bytes, reason, by }),
    });
  }

  private refusalOfNew(name: string): Refused | null {
    const names = [...this.settings.names];
    const twin = refusalOfTwin(name, names);
    if (twin !== null) return twin;
    if (names.length < BUILDS_MAX) return null;
    return refusedAnswer(undefined, 'invalid', `a region has at most ${BUILDS_MAX} builds`);
  }

  private async remove({ name, version, reason, by }: RemoveVersionRequest) {
    const user = this.userOf(name, version);
    if (user !== null) {
      const message = `version ${version} of build ${name} is needed by ${user}; change that first`;
      return refusedAnswer(undefined, 'in-use', message);
    }
    const kept = this.settings.of(name).state.versions.find((each) => each.version === version);
    if (kept === undefined) return unknownBuild(`build ${name} has no version ${version}`);
    const set = await this.settings.record({
      name,
      command: (at) => ({ type: 'RemoveBuildVersion', at, version, reason, by }),
    });
    if (!('status' in set)) this.removed(kept.manifest);
    return set;
  }

  private view(name: string, { state, ...changed }: Setting<BuildState>): BuildView {
    const { version, versions } = state;
    return { id: this.idOf(name), version, ...changed, versions: [...versions] };
  }

  private summary(name: string): BuildSummary {
    const { state, ...changed } = this.settings.of(name);
    const { version, versions } = state;
    const { files, bytes } = versions.at(-1) ?? { files: 0, bytes: 0 };
    return { id: this.idOf(name), version, ...changed, versions: versions.length, files, bytes };
  }

  private idOf(name: string): string {
    return nameInRegion({ region: this.region, name });
  }
}

function unknownBuild(message: string): Refused {
  return refusedAnswer(undefined, 'unknown-build', message);
}
