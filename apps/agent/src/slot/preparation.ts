import type { BuildConfiguration } from '#build';
import { errorMessage, type Cancel } from '#kernel';
import type { Assignment } from '#slot';
import type { Installed } from '../builds/builds.js';
import { OWN_VERSION, ownConfiguration } from '../builds/own-configuration.js';
import type { GameSettings, Means } from './means.js';

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

/** Gets one slot everything that it is to run, ahead of the start. */
export class Preparation {
  private prepared: Prepared = none;
  private kept = '';
  private readonly own: BuildConfiguration;
  private readonly unwatch: Cancel;

  constructor(
    private readonly slot: string,
    settings: GameSettings,
    private readonly means: Means,
    /** Is told that something here has changed by itself. */
    private readonly changed: () => void,
  ) {
    this.own = ownConfiguration(settings);
    this.unwatch = means.catalogue?.watch(() => this.look()) ?? (() => undefined);
  }

  get now(): Prepared {
    return this.prepared;
  }

  /** Null as long as it is not known. The version of its own settings is whatever the agent runs. */
  configurationOf(run: Assignment): BuildConfiguration | null {
    return run.version === OWN_VERSION
      ? this.own
      : (this.means.catalogue?.configuration(run) ?? null);
  }

  /** Begins; what becomes of it is told as a change, unless it is there at once. */
  prepare(run: Assignment): void {
    const configuration = this.configurationOf(run);
    const lacks = this.lacks(run, configuration);
    if (configuration === null || lacks !== null) {
      this.prepared = { state: 'pending', run, reason: lacks ?? '' };
      return;
    }
    const { builds } = this.means;
    if (builds === undefined) {
      const installed = { executable: configuration.executable, folder: null };
      this.prepared = { state: 'ready', run, configuration, installed };
      return;
    }
    const reason = `the files of ${inWords(run)} are not here yet`;
    const pending: Prepared = { state: 'pending', run, reason };
    this.prepared = pending;
    const settle = (prepared: Prepared) => {
      // Something else is wanted by now.
      if (this.prepared !== pending) return;
      this.prepared = prepared;
      this.changed();
    };
    builds.install(configuration).then(
      (installed) => settle({ state: 'ready', run, configuration, installed }),
      (error: unknown) => settle({ state: 'failed', run, reason: errorMessage(error) }),
    );
  }

  /** A failure before is none any more: it is tried again. */
  forgive(): void {
    if (this.prepared.state === 'failed') this.prepared = none;
  }

  /** Has the files of these kept, whoever else has no use for them. */
  keep(runs: readonly Assignment[]): void {
    const builds = runs.flatMap((run) => this.configurationOf(run)?.build ?? []);
    const kept = JSON.stringify(builds);
    if (kept === this.kept) return;
    this.kept = kept;
    this.means.builds?.keep(this.slot, builds);
  }

  close(): void {
    this.unwatch();
  }

  /** What is waited for; null where everything is known. */
  private lacks(run: Assignment, configuration: BuildConfiguration | null): string | null {
    if (configuration === null) return `the agent does not know ${inWords(run)} yet`;
    const { build } = configuration;
    if (build === null || this.means.catalogue?.build(build)) return null;
    return `the agent does not know version ${build.version} of build ${build.name} yet`;
  }

  /** More is known than before. */
  private look(): void {
    if (this.prepared.state !== 'pending') return;
    const { run } = this.prepared;
    if (this.lacks(run, this.configurationOf(run)) !== null) return;
    this.prepare(run);
    this.changed();
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
