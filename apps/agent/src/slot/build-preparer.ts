import type { BuildConfiguration } from '#build';
import { errorMessage, type Cancel } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Assignment } from '#slot';
import type { Builds, Installed } from '../builds/builds.js';
import type { Catalogue } from '../builds/catalogue.js';
import { OWN_VERSION, ownConfiguration } from '../builds/own-configuration.js';
import { forbiddenBecause } from './allowed.js';
import type { GameSettings } from './game-settings.js';
import type { StartFailures } from './start-failures.js';

/** Whether all that is needed to start a version of a build configuration is on the machine. */
export type Prepared =
  | { readonly state: 'none'; readonly run: null }
  | { readonly state: 'pending'; readonly run: Assignment; readonly reason: string }
  | ({ readonly state: 'ready' } & Recipe)
  | { readonly state: 'failed'; readonly run: Assignment; readonly reason: string };

/** What is needed to start a version of a build configuration. */
export interface Recipe {
  readonly run: Assignment;
  readonly configuration: BuildConfiguration;
  readonly installed: Installed;
}

const none: Prepared = { state: 'none', run: null };

export interface BuildPreparerDeps {
  /** If missing, the slot runs only the build configuration of the agent's own settings. */
  readonly catalogue: Catalogue | undefined;
  /** If missing, all executables are on the machine already. */
  readonly builds: Builds | undefined;
  readonly failures: StartFailures;
  readonly log: Logger;
  /** Called when the outcome of a preparation becomes known. */
  readonly changed: () => void;
}

/** Makes ready what one slot is to run, ahead of the start. */
export class BuildPreparer {
  private prepared: Prepared = none;
  private kept = '';
  /** The last reason that was logged why nothing can be started. */
  private logged: string | null = null;
  private readonly own: BuildConfiguration;
  private readonly unwatch: Cancel;

  constructor(
    private readonly slot: string,
    private readonly settings: GameSettings,
    private readonly deps: BuildPreparerDeps,
  ) {
    this.own = ownConfiguration(settings);
    this.unwatch = deps.catalogue?.watch(() => this.retryPending()) ?? (() => undefined);
  }

  get current(): Prepared {
    return this.prepared;
  }

  /** The configuration that is ready to start; the agent's own if none is ready. */
  get configuration(): BuildConfiguration {
    return this.prepared.state === 'ready' ? this.prepared.configuration : this.own;
  }

  /** The agent's own configuration if the catalogue does not know the version. */
  configurationOf(run: Assignment): BuildConfiguration {
    return this.known(run) ?? this.own;
  }

  /**
   * Why the machine's settings do not let the version run; null if they do, or if the version is
   * not known. They name the agent's own configuration themselves.
   */
  forbidden(run: Assignment): string | null {
    const configuration = run.version === OWN_VERSION ? null : this.known(run);
    return configuration && forbiddenBecause(configuration, this.settings.allowed);
  }

  /** Begins a preparation. Its outcome is announced by `changed`, unless it is known at once. */
  prepare(run: Assignment): void {
    if (!sameRun(this.prepared.run, run)) this.deps.failures.reset();
    this.begin(run);
  }

  /** Forgets a failed preparation, so that it is tried again. */
  clearFailure(): void {
    if (this.prepared.state === 'failed') this.prepared = none;
  }

  /** Keeps the files of these versions on disk for this slot. */
  keep(runs: readonly Assignment[]): void {
    const builds = runs.flatMap((run) => this.known(run)?.build ?? []);
    const kept = JSON.stringify(builds);
    if (kept === this.kept) return;
    this.kept = kept;
    this.deps.builds?.keep(this.slot, builds);
  }

  close(): void {
    this.unwatch();
  }

  private begin(run: Assignment): void {
    const configuration = this.known(run);
    const lacks = this.lacks(run, configuration);
    if (configuration === null || lacks !== null) {
      this.prepared = { state: 'pending', run, reason: lacks ?? '' };
      return;
    }
    const forbidden = this.forbidden(run);
    if (forbidden !== null) return this.settle({ state: 'failed', run, reason: forbidden });
    const { builds } = this.deps;
    if (builds === undefined) {
      const installed = { executable: configuration.executable, folder: null };
      return this.settle({ state: 'ready', run, configuration, installed });
    }
    const reason = `the files of ${inWords(run)} are not here yet`;
    const pending: Prepared = { state: 'pending', run, reason };
    this.prepared = pending;
    const finish = (prepared: Prepared) => {
      // Another version is wanted by now.
      if (this.prepared !== pending) return;
      this.settle(prepared);
      this.deps.changed();
    };
    builds.install(configuration).then(
      (installed) => finish({ state: 'ready', run, configuration, installed }),
      (error: unknown) => finish({ state: 'failed', run, reason: errorMessage(error) }),
    );
  }

  /**
   * Null if the version is not known yet. `OWN_VERSION` is always the agent's own configuration.
   */
  private known(run: Assignment): BuildConfiguration | null {
    if (run.version === OWN_VERSION) return this.own;
    return this.deps.catalogue?.configuration(run) ?? null;
  }

  /** What the preparation waits for; null if everything is known. */
  private lacks(run: Assignment, configuration: BuildConfiguration | null): string | null {
    if (configuration === null) return `the agent does not know ${inWords(run)} yet`;
    const { build } = configuration;
    if (build === null || this.deps.catalogue?.build(build)) return null;
    return `the agent does not know version ${build.version} of build ${build.name} yet`;
  }

  /** Called when the catalogue has learned something. */
  private retryPending(): void {
    if (this.prepared.state !== 'pending') return;
    const { run } = this.prepared;
    if (this.lacks(run, this.known(run)) !== null) return;
    this.begin(run);
    this.deps.changed();
  }

  private settle(prepared: Prepared): void {
    const { failures, log } = this.deps;
    this.prepared = prepared;
    if (prepared.state === 'ready') {
      failures.reset();
      this.logged = null;
    }
    if (prepared.state === 'failed') {
      const { run, reason } = prepared;
      failures.notStarted(reason);
      if (this.logged !== reason) log.error({ ...run, reason }, 'the game cannot be started');
      this.logged = reason;
    }
  }
}

export function sameRun(
  one: Assignment | null | undefined,
  other: Assignment | null | undefined,
): boolean {
  if (!one || !other) return false;
  return one.buildConfiguration === other.buildConfiguration && one.version === other.version;
}

function inWords({ buildConfiguration, version }: Assignment): string {
  return `version ${version} of build configuration ${buildConfiguration}`;
}
