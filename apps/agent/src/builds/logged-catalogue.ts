import { watchPatiently } from '#slot-owner';
import type { BuildConfiguration, BuildVersion } from '#build';
import {
  Condition,
  errorMessage,
  type Cancel,
  type Clock,
  type EventLog,
  type LogRecord,
  type LogItem,
} from '#kernel';
import type { Logger } from '#service-runtime';
import type { Assignment } from '#slot';
import { endpoints, type BuildRecord, type ConfigurationRecord } from '#wire';
import { Catalogue, type BuildName } from './catalogue.js';
import { keyOf, type CatalogueFile } from './catalogue-file.js';

/** How long (ms) after a change the catalogue is written to disk. */
const SAVE_MS = 100;

export interface LoggedCatalogueDeps {
  readonly region: string;
  readonly configurations: EventLog<ConfigurationRecord>;
  readonly builds: EventLog<BuildRecord>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Follows the region's log and keeps what it has learned on disk. So the agent can restart a
 * session after a crash, on the version that the session began with, while the log is unreachable.
 */
export class LoggedCatalogue extends Catalogue {
  private readonly listeners = new Set<() => void>();
  private readonly cancels: Cancel[] = [];
  private cancelSave: Cancel | undefined;
  private readonly saving: Condition;

  constructor(
    private readonly deps: LoggedCatalogueDeps,
    private readonly file: CatalogueFile,
  ) {
    super();
    this.saving = new Condition(deps.logger, deps.clock, {
      ...{ begins: 'the catalogue cannot be saved', ends: 'the catalogue is saved again' },
      level: 'error',
    });
  }

  /** Returns at once; what the log delivers is announced through `watch`. */
  start(): void {
    const { region, configurations, builds } = this.deps;
    this.follow(
      configurations,
      endpoints.configuration.subject.filter({ region }),
      (subject, { state }) => {
        this.file.learnConfiguration(endpoints.configuration.subject.parse(subject).name, state);
      },
    );
    this.follow(builds, endpoints.build.subject.filter({ region }), (subject, { state }) => {
      this.file.learnBuild(endpoints.build.subject.parse(subject).name, state);
    });
  }

  close(): void {
    for (const cancel of this.cancels) cancel();
    this.cancelSave?.();
    this.save();
    this.listeners.clear();
  }

  configuration({ buildConfiguration, version }: Assignment): BuildConfiguration | null {
    return this.file.configurations.get(keyOf(buildConfiguration, version)) ?? null;
  }

  build({ name, version }: BuildName): BuildVersion | null {
    return this.file.builds.get(keyOf(name, version)) ?? null;
  }

  watch(changed: () => void): Cancel {
    this.listeners.add(changed);
    return () => void this.listeners.delete(changed);
  }

  private follow<F extends LogRecord>(
    log: EventLog<F>,
    subject: string,
    learn: (subject: string, record: F) => void,
  ): void {
    const { clock, logger } = this.deps;
    const receive = (item: LogItem<F>) => {
      if (item.kind === 'unreadable') return logger.error({ ...item }, 'unreadable: set aside');
      learn(item.subject, item.record);
      this.saveSoon();
      for (const changed of this.listeners) changed();
    };
    const waiting = (error: unknown, pauseMs: number) =>
      logger.debug({ subject, error: errorMessage(error), pauseMs }, 'waiting for a log');
    this.cancels.push(watchPatiently(log, subject, clock, { receive, waiting }));
  }

  /** Saves once for many changes: the log delivers many at once when the agent starts. */
  private saveSoon(): void {
    this.cancelSave ??= this.deps.clock.after(SAVE_MS, () => {
      this.cancelSave = undefined;
      this.save();
    });
  }

  private save(): void {
    try {
      this.file.save();
      this.saving.pass();
    } catch (error) {
      // If the disk is full, the catalogue stays in memory until the agent stops.
      this.saving.fail(errorMessage(error));
    }
  }
}
