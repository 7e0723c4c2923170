import {
  type BuildConfiguration,
  type BuildState,
  type BuildVersion,
  type ConfigurationState,
  configurationState,
  buildState,
} from '#build';
import { readJson, writeWhole } from '#slot-owner';
import { Unparsable } from '#kernel';
import { z } from 'zod';

/** Pairs of a name and the last state that was seen under that name. */
const kept = z.object({
  configurations: z.array(z.tuple([z.string(), configurationState])),
  builds: z.array(z.tuple([z.string(), buildState])),
});

/**
 * How many versions of one build configuration are kept. JavaScript lists integer keys in ascending
 * order, so the newest are last.
 */
const VERSIONS_KEPT = 64;

export function keyOf(name: string, version: number): string {
  return `${name}@${version}`;
}

/**
 * Keeps builds and build configurations in a file, so that they are known after a restart of the
 * agent.
 */
export class CatalogueFile {
  readonly configurations = new Map<string, BuildConfiguration>();
  readonly builds = new Map<string, BuildVersion>();
  private readonly configurationStates = new Map<string, ConfigurationState>();
  private readonly buildStates = new Map<string, BuildState>();
  private changed = false;

  constructor(private readonly path: string) {
    const { configurations = [], builds = [] } = read(path) ?? {};
    for (const [name, state] of configurations) this.learnConfiguration(name, state);
    for (const [name, state] of builds) this.learnBuild(name, state);
    this.changed = false;
  }

  /**
   * Adds the versions to those known before: a session may run a version that the log no longer
   * has.
   */
  learnConfiguration(name: string, state: ConfigurationState): void {
    const before = this.configurationStates.get(name)?.versions;
    const known = Object.entries({ ...before, ...state.versions });
    const versions = Object.fromEntries(known.slice(-VERSIONS_KEPT));
    for (const [version, configuration] of Object.entries(versions)) {
      this.configurations.set(keyOf(name, Number(version)), configuration);
    }
    this.learn(this.configurationStates, name, { ...state, versions });
  }

  learnBuild(name: string, state: BuildState): void {
    for (const version of state.versions) this.builds.set(keyOf(name, version.version), version);
    this.learn(this.buildStates, name, state);
  }

  /**
   * Does nothing if nothing has changed since the last save. Throws the errors of the file system.
   */
  save(): void {
    if (!this.changed) return;
    const configurations = [...this.configurationStates];
    writeWhole(this.path, JSON.stringify({ configurations, builds: [...this.buildStates] }));
    this.changed = false;
  }

  private learn<State>(among: Map<string, State>, name: string, state: State): void {
    if (JSON.stringify(among.get(name)) === JSON.stringify(state)) return;
    among.set(name, state);
    this.changed = true;
  }
}

/** Returns null if the file cannot be parsed: the log delivers all of it again. */
function read(path: string): z.output<typeof kept> | null {
  try {
    return readJson(path, kept);
  } catch (error) {
    if (error instanceof Unparsable) return null;
    throw error;
  }
}
