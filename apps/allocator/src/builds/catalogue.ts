import type { BuildEvent, BuildState, ConfigurationEvent, ConfigurationState } from '#build';
import { errorMessage, type Random, type Clock, type EventLog } from '#kernel';
import type { Pool } from '#pool';
import type { Logger } from '#service-runtime';
import { slotName, slotOfSubject, type BuildFiles, type EventRecord } from '#wire';
import type { FleetSettings } from '../fleets/fleet-settings.js';
import { Builds } from './builds.js';
import { Configurations } from './configurations.js';
import { deleteLeftovers } from './leftovers.js';

export interface CatalogueDeps {
  readonly configurations: EventLog<EventRecord<ConfigurationEvent, ConfigurationState>>;
  readonly builds: EventLog<EventRecord<BuildEvent, BuildState>>;
  /** The store of builds' files. */
  readonly files: BuildFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** What a region can run: its builds and its build configurations. */
export class Catalogue {
  readonly builds: Builds;
  readonly configurations: Configurations;

  constructor(
    allocator: string,
    region: string,
    private readonly deps: CatalogueDeps,
    private readonly pool: Pool,
    private readonly fleets: FleetSettings,
  ) {
    const builds = { ...deps, log: deps.builds };
    this.builds = new Builds(
      allocator,
      region,
      builds,
      (name, version) => this.userOfBuild(name, version),
      (manifest) => void this.tidy(manifest),
    );
    const configurations = { ...deps, log: deps.configurations };
    this.configurations = new Configurations(
      allocator,
      region,
      configurations,
      this.builds,
      (name) => this.userOfConfiguration(name),
    );
  }

  /** Throws `TransientError` if they cannot be read. */
  async start(): Promise<void> {
    await this.builds.start();
    await this.configurations.start();
  }

  stop(): void {
    this.builds.stop();
    this.configurations.stop();
  }

  private userOfConfiguration(name: string): string | null {
    for (const fleet of this.fleets.names) {
      if (this.fleets.of(fleet).state.buildConfiguration === name) return `fleet ${fleet}`;
    }
    return null;
  }

  private userOfBuild(name: string, version: number): string | null {
    const needing = [...this.configurations.needing(name, version)];
    const current = needing.find(({ isCurrent }) => isCurrent);
    if (current !== undefined) return `build configuration ${current.buildConfiguration}`;
    if (needing.length === 0) return null;
    const keyOf = (run: { readonly buildConfiguration: string; readonly version: number }) =>
      `${run.version}@${run.buildConfiguration}`;
    const keys = new Set(needing.map(keyOf));
    for (const { subject, state } of this.pool.slots.all) {
      const { assigned, allocation } = state.context;
      const runs = [assigned, allocation].some((run) => run !== null && keys.has(keyOf(run)));
      if (runs) return `slot ${slotName(slotOfSubject(subject))}`;
    }
    return null;
  }

  /**
   * A failure is only logged: files that are not deleted now stay for good, take space and do no
   * harm.
   */
  private async tidy(manifest: string): Promise<void> {
    const { files, logger } = this.deps;
    try {
      await deleteLeftovers(files, manifest, this.builds.manifests);
    } catch (error) {
      logger.warn({ manifest, reason: errorMessage(error) }, 'files of a build were not deleted');
    }
  }
}
