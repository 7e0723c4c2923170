import { LogWentBack } from '#jetstream';
import { errorMessage, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import type {
  ActionsIndexed,
  ActionsRequest,
  ClaimsAnswer,
  ClaimsRequest,
  IndexState,
} from '#wire';
import { ClaimIndex, OtherLog, type History } from './claim-index.js';
import { ClaimsDatabase, isDamage } from './claims-database.js';
import type { IndexFiles } from './index-files.js';

/** Pause before the reading is tried again (ms). */
const AGAIN_MS = 1_000;
/** Pause before the same warning is logged again (ms). */
const SAME_WARNING_MS = 60_000;

interface RegionIndexDeps {
  readonly files: IndexFiles;
  /** Opens the region's history; called again after each failure. */
  readonly open: () => Promise<History>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The index of a region. A new one is built beside the one that answers, in a file of its own, and
 * takes its place when it has read all of the log. An index of another log, or a damaged one, is
 * removed at once.
 */
export class RegionIndex {
  private current: ClaimIndex;
  private next: ClaimIndex | undefined;
  private count = 0;
  private closed = false;
  private warned = { text: '', at: 0 };

  constructor(
    readonly region: string,
    private readonly deps: RegionIndexDeps,
  ) {
    this.current = deps.files.latest((path) => this.opened(path));
  }

  /** How often an index was begun from nothing since this process started. */
  get rebuilds(): number {
    return this.count;
  }

  start(): void {
    void this.keep(this.current);
  }

  /** Begins a new index, unless one is being built. */
  rebuild(): void {
    if (this.closed || this.next !== undefined || !this.current.isBuilt) return;
    this.next = this.begun();
    void this.keep(this.next);
  }

  /** What was asked for, or why that cannot be told. */
  find(request: ClaimsRequest): ClaimsAnswer {
    const because = this.unbuiltBecause;
    if (because !== null) return { status: 'refused', code: 'not-ready', message: because };
    // What was read in the last moment is found too.
    this.current.write();
    const found = this.current.database.find(request);
    return { status: 'claims', ...found, lagEvents: this.current.lagEvents ?? null };
  }

  /** What was done because somebody asked for it, or why that cannot be told. */
  actions(request: ActionsRequest): ActionsIndexed {
    const because = this.unbuiltBecause;
    if (because !== null) return { status: 'refused', code: 'not-ready', message: because };
    this.current.write();
    const { database } = this.current;
    const readTo = database.progress.sequence;
    return { status: 'actions', ...database.actions.find(request), readTo };
  }

  get state(): IndexState {
    const { region, current, next } = this;
    const { database, lagEvents = null } = current;
    const { sequence, recordedAt } = database.progress;
    const building = next ?? (current.isBuilt ? undefined : current);
    return {
      ...{ region, readTo: sequence, readAt: recordedAt, lagEvents, ...database.size },
      ...{
        built: database.built,
        building: building === undefined ? null : this.progressOf(building),
      },
    };
  }

  /** A new index asks the log for its end a moment after it was begun; the old one knows it. */
  private progressOf({ building }: ClaimIndex): NonNullable<IndexState['building']> {
    return { ...building, end: Math.max(building.end, this.current.building.end) };
  }

  /** Why questions are not answered; null if they are. */
  get unbuiltBecause(): string | null {
    if (this.current.isBuilt && this.current.isCompared) return null;
    if (this.current.isBuilt) {
      return `the index of region ${this.region} is being compared with the log`;
    }
    const { readTo, end } = this.current.building;
    const share = end === 0 ? '' : `: it has read ${readTo} of ${end}`;
    return `the index of region ${this.region} is being built${share}`;
  }

  close(): void {
    this.closed = true;
    this.next?.discard();
    this.current.close();
  }

  /** Keeps one index up to date for as long as it is used. */
  private async keep(index: ClaimIndex): Promise<void> {
    const { clock } = this.deps;
    while (!index.isClosed) {
      try {
        await index.follow(await this.deps.open());
      } catch (error) {
        if (index.isClosed) return;
        if (isVoid(error)) index = this.replaced(index, error);
        else this.warn(`the log cannot be read, which is tried again: ${errorMessage(error)}`);
        await clock.sleep(AGAIN_MS);
      }
    }
  }

  /** The same text is logged once a minute, however often it is tried again. */
  private warn(text: string): void {
    const now = this.deps.clock.now();
    if (text === this.warned.text && now < this.warned.at + SAME_WARNING_MS) return;
    this.warned = { text, at: now };
    this.deps.logger.warn({ region: this.region }, text);
  }

  private promote(index: ClaimIndex): void {
    const { region, deps } = this;
    if (index === this.next) {
      this.current.discard();
      this.current = index;
      this.next = undefined;
    }
    deps.logger.info({ region, ...index.database.built }, 'a new index is in use');
  }

  /** An empty index in place of one that is void. */
  private replaced(index: ClaimIndex, error: unknown): ClaimIndex {
    this.warn(`the index is removed, and built anew: ${errorMessage(error)}`);
    index.discard();
    const begun = this.begun();
    if (this.next === index) this.next = begun;
    else this.current = begun;
    return begun;
  }

  private begun(): ClaimIndex {
    this.count += 1;
    return this.opened(this.deps.files.newPath());
  }

  private opened(path: string): ClaimIndex {
    return new ClaimIndex(new ClaimsDatabase(path), this.deps.clock, (index) =>
      this.promote(index),
    );
  }
}

/** Whether what was read says nothing about the log any more, or cannot be used. */
function isVoid(error: unknown): boolean {
  return error instanceof OtherLog || error instanceof LogWentBack || isDamage(error);
}
