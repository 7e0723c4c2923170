import type { BuildConfiguration } from '#build';
import { errorMessage, type Cancel } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Assignment } from '#slot';
import type { Builds, Installed } from '../builds/builds.js';
import type { Catalogue } from '../builds/catalogue.js';
import { OWN_VERSION, ownConfiguration } from '../builds/own-configuration.js';
import type { GameSettings } from './game-settings.js';
import type { StartFailures } from './start-failures.js';

/** Whether everything is there that a start of a version of a build configuration takes. */
export type Prepared =
  | { readonly state: 'none'; readonly run: null }
  | { readonly state: 'pending'; readonly run: Assignment; readonly reason: string }
  | ({ readonly state: 'ready' } & Recipe)
  | { readonly state: 'failed'; readonly run: Assignment; readonly reason: string };

/** All that is known of how to start it. */
export interface Recipe {
  readonly run: Assignment;
  readonly configuration: BuildConfiguration;
  readonly installed: Installed;
}

const none: Prepared = { state: 'none', run: null };

export interface BuildPreparerDeps {
  /** If missing, what the agent itself is set to is all it runs. */
  readonly catalogue: Catalogue | undefined;
  /** If missing, executables are on the machine already. */
  readonly builds: Builds | undefined;
  readonly failures: StartFailures;
  readonly log: Logger;
  /** Is told that something here has changed by itself. */
  readonly changed: () => void;
}

/** Gets one slot everything that it is to run, ahead of the start. */
export class BuildPreparer {
  private prepared: Prepared = none;
  private kept = '';
  private readonly own: BuildConfiguration;
  private readonly unwatch: Cancel;

  constructor(
    private readonly slot: string,
    settings: GameSettings,
    private readonly deps: BuildPreparerDeps,
  ) {
    this.own = ownConfiguration(settings);
    this.unwatch = deps.catalogue?.watch(() => this.retryPending()) ?? (() => undefined);
  }

  get current(): Prepared {
    return this.prepared;
  }

  /** Of what is prepared, as far as that is known; else the agent's own. */
  get configuration(): BuildConfiguration {
    return this.prepared.state === 'ready' ? this.prepared.configuration : this.own;
  }

  /** The agent's own where the catalogue does not know it. */
  configurationOf(run: Assignment): BuildConfiguration {
    return this.known(run) ?? this.own;
  }

  /** Begins; what becomes of it is told as a change, unless it is there at once. */
  prepare(run: Assignment): void {
    if (!sameRun(this.prepared.run, run)) this.deps.failures.reset();
    this.begin(run);
  }

  /** A failure before counts no more: it is tried again. */
  clearFailure(): void {
    if (this.prepared.state === 'failed') this.prepared = none;
  }

  /** Has the files of these kept, whoever else has no use for them. */
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
    const { builds } = this.deps;
    if (builds === undefined) {
      const installed = { executable: configuration.executable, folder: null };
      this.prepared = { state: 'ready', run, configuration, installed };
      return;
    }
    const reason = `the files of ${inWords(run)} are not here yet`;
    const pending: Prepared = { state: 'pending', run, reason };
    this.prepared = pending;
    const finish = (prepared: Prepared) => {
      // Something else is wanted by now.
      if (this.prepared !== pending) return;
      this.prepared = prepared;
      this.finished();
    };
    builds.install(configuration).then(
      (installed) => finish({ state: 'ready', run, configuration, installed }),
      (error: unknown) => finish({ state: 'failed', run, reason: errorMessage(error) }),
    );
  }

  /** Null as long as it is not known. The version of its own settings is whatever the agent runs. */
  private known(run: Assignment): BuildConfiguration | null {
    if (run.version === OWN_VERSION) return this.own;
    return this.deps.catalogue?.configuration(run) ?? null;
  }

  /** What is waited for; null where everything is known. */
  private lacks(run: Assignment, configuration: BuildConfiguration | null): string | null {
    if (configuration === null) return `the agent does not know ${inWords(run)} yet`;
    const { build } = configuration;
    if (build === null || this.deps.catalogue?.build(build)) return null;
    return `the agent does not know version ${build.version} of build ${build.name} yet`;
  }

  /** The catalogue knows more than before. */
  private retryPending(): void {
    if (this.prepared.state !== 'pending') return;
    const { run } = this.prepared;
    if (this.lacks(run, this.known(run)) !== null) return;
    this.begin(run);
    this.finished();
  }

  private finished(): void {
    const { prepared } = this;
    const { failures, log, changed } = this.deps;
    if (prepared.state === 'ready') failures.reset();
    if (prepared.state === 'failed') {
      log.error({ ...prepared.run, reason: prepared.reason }, 'the game cannot be started');
      failures.notStarted(prepared.reason);
    }
    changed();
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
