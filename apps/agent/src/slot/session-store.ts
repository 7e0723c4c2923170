import type { SlotFolder } from '../machine/slot-folder.js';
import { isOpen, isServedBy, type SessionRecord } from './session-record.js';

/** A slot's record of its session, as it is on disk. */
export class SessionStore {
  private amending: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: SlotFolder,
    private kept: SessionRecord,
  ) {}

  get record(): SessionRecord {
    return this.kept;
  }

  /** What the session's players hold; null where nobody was told one yet. */
  get token(): string | null {
    const { callback } = this.kept;
    return isOpen(this.kept) && callback.outcome === 'acked' ? callback.token : null;
  }

  /** Whether the run has been given the session. */
  isServedBy(run: { readonly id: string }): boolean {
    return isServedBy(this.kept, run.id);
  }

  /**
   * Whether the run has begun the session: it has accepted it, and is ready where that is waited for.
   */
  hasBegun(run: { readonly id: string }, readiness: boolean): boolean {
    const { delivered, readyFor, fence } = this.kept;
    return this.isServedBy(run) && delivered && (!readiness || readyFor === fence);
  }

  /** One change after the other: none is lost where two come at once. */
  amend(change: Partial<SessionRecord>): Promise<void> {
    const amended = this.amending.then(async () => {
      const record = { ...this.kept, ...change };
      await this.folder.writeRecord(record);
      this.kept = record;
    });
    this.amending = amended.catch(() => undefined);
    return amended;
  }
}
