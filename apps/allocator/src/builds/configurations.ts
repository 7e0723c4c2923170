import {
  buildConfiguration,
  type BuildConfiguration,
  type ConfigurationEvent,
  type ConfigurationState,
  type SetConfiguration,
  type BuildConfigurationWanted,
} from '#build';
import type { Assignment, SessionTerms } from '#slot';
import {
  endpoints,
  nameInRegion,
  type ConfigurationsAnswer,
  type ConfigurationSummary,
  type ConfigurationView,
  type ConfigureAnswer,
  type ConfigureRequest,
  type NamesRequest,
  type Refused,
} from '#wire';
import { refusedAnswer } from '../claim/answers.js';
import { refusalOfTwin } from './twin.js';
import { Settings, type Setting, type SettingsDeps } from '../operate/settings.js';

/** Greatest number of build configurations in one region. */
const CONFIGURATIONS_MAX = 1_000;

export type ConfigurationDeps = SettingsDeps<ConfigurationState, ConfigurationEvent>;

/** The part of `Builds` that build configurations need: which version of a build to use. */
export interface Pinning {
  pin(name: string, version: number | undefined): number | Refused;
}

/** The build configurations of a region, with all of their versions that are kept. */
export class Configurations {
  private readonly settings: Settings<ConfigurationState, SetConfiguration, ConfigurationEvent>;

  constructor(
    allocator: string,
    private readonly region: string,
    private readonly deps: ConfigurationDeps,
    private readonly builds: Pinning,
    /** What uses the build configuration; null if nothing does. */
    private readonly userOf: (name: string) => string | null,
  ) {
    const kind = {
      noun: 'build configuration',
      filter: endpoints.configuration.subject.filter({ region }),
      subjectOf: (name: string) => endpoints.configuration.subject.of({ region, name }),
      nameOf: (subject: string) => endpoints.configuration.subject.parse(subject).name,
      decider: buildConfiguration,
    };
    this.settings = new Settings(allocator, kind, deps);
  }

  start(): Promise<void> {
    return this.settings.start();
  }

  stop(): void {
    this.settings.stop();
  }

  /** The current version; undefined if there is no configuration of this name. */
  current(name: string): Assignment | undefined {
    const { version, configuration } = this.settings.of(name).state;
    return configuration === null ? undefined : { buildConfiguration: name, version };
  }

  /** A number that rises with every change of the configuration. */
  revisionOf(name: string): number {
    return this.settings.of(name).revision;
  }

  /**
   * Reads one configuration anew, as the log's leader knows it. Throws `TransientError` or
   * `LogRefused`.
   */
  refresh(name: string): Promise<void> {
    return this.settings.refresh(name);
  }

  /**
   * The terms that a version sets for sessions; undefined if the version is not kept (any more).
   */
  termsOf({ buildConfiguration: name, version }: Assignment): SessionTerms | undefined {
    const found = this.settings.of(name).state.versions[version];
    if (found === undefined) return undefined;
    const { callbackMs, coldStartMs, idleMs, sessionMs, restartsMax, readiness } = found;
    return {
      version,
      limits: { callbackMs, coldStartMs, idleMs, sessionMs, restartsMax },
      readiness,
    };
  }

  /** The versions of build configurations that use this version of a build. */
  *needing(build: string, version: number): Iterable<Assignment & { readonly isCurrent: boolean }> {
    for (const name of this.settings.names) {
      const { state } = this.settings.of(name);
      for (const [key, { build: needed }] of Object.entries(state.versions)) {
        if (needed?.name !== build || needed.version !== version) continue;
        const isCurrent = state.configuration !== null && Number(key) === state.version;
        yield { buildConfiguration: name, version: Number(key), isCurrent };
      }
    }
  }

  async set(request: ConfigureRequest): Promise<ConfigureAnswer> {
    const { name, configuration, reason, by, revision } = request;
    const refused = this.refusalOf(request);
    if (refused !== null) return refused;
    const set = await this.settings.record({
      name,
      revision,
      command: (at) => {
        const pinned = configuration === null ? null : this.pinned(configuration);
        if (pinned !== null && 'status' in pinned) return pinned;
        return { type: 'SetConfiguration', at, configuration: pinned, reason, by };
      },
    });
    if ('status' in set) return set;
    const { version } = set.state;
    const { region } = this;
    const told = { region, buildConfiguration: name, version, reason, by };
    this.deps.logger.info(told, `a build configuration is ${configuration ? 'set' : 'removed'}`);
    return { status: 'configured', configuration: this.view(name, set) };
  }

  list({ name }: NamesRequest): ConfigurationsAnswer {
    if (name === undefined) {
      const configurations = [...this.settings.names].sort().flatMap((each) => this.summary(each));
      return { status: 'configurations', configurations };
    }
    const setting = this.settings.of(name);
    if (setting.state.configuration === null) return this.unknown(name);
    return { status: 'configured', configuration: this.view(name, setting) };
  }

  unknown(name: string): Refused {
    const message = `there is no build configuration ${name} in region ${this.region}`;
    return refusedAnswer(undefined, 'unknown-build-configuration', message);
  }

  private refusalOf({ name, configuration }: ConfigureRequest): Refused | null {
    const { state, revision } = this.settings.of(name);
    if (configuration === null) {
      if (state.configuration === null) return this.unknown(name);
      const user = this.userOf(name);
      if (user === null) return null;
      const message = `build configuration ${name} is needed by ${user}; change that first`;
      return refusedAnswer(undefined, 'in-use', message);
    }
    if (revision > 0) return null;
    const names = [...this.settings.names];
    const twin = refusalOfTwin(name, names);
    if (twin !== null) return twin;
    if (names.length < CONFIGURATIONS_MAX) return null;
    const message = `a region has at most ${CONFIGURATIONS_MAX} build configurations`;
    return refusedAnswer(undefined, 'invalid', message);
  }

  /** The configuration with the version its build has now: a later push changes nothing. */
  private pinned(wanted: BuildConfigurationWanted): BuildConfiguration | Refused {
    const { build, ...rest } = wanted;
    if (build === null) return { build, ...rest };
    const version = this.builds.pin(build.name, build.version);
    return typeof version === 'number'
      ? { build: { name: build.name, version }, ...rest }
      : version;
  }

  private view(
    name: string,
    { state, ...changed }: Setting<ConfigurationState>,
  ): ConfigurationView {
    const { version, configuration } = state;
    const id = nameInRegion({ region: this.region, name });
    // The schema has checked what is stored; the types are wider than the schema.
    return {
      ...{ id, version, ...changed },
      configuration: configuration as ConfigurationView['configuration'],
    };
  }

  private summary(name: string): readonly ConfigurationSummary[] {
    const { state, ...changed } = this.settings.of(name);
    const { version, configuration } = state;
    if (configuration === null) return [];
    const { build, executable } = configuration;
    const id = nameInRegion({ region: this.region, name });
    return [{ id, version, ...changed, build, executable }];
  }
}
