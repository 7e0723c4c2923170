import type { SlotFolder } from '../machine/slot-folder.js';
import { isOpen, isServedBy, type SessionRecord } from './session-record.js';

/** A slot's record of its session, kept in memory and on disk. */
export class SessionStore {
  private amending: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: SlotFolder,
    private kept: SessionRecord,
  ) {}

  get record(): SessionRecord {
    return this.kept;
  }

  /** The token that was returned for the session's players; null if none was. */
  get token(): string | null {
    const { callback } = this.kept;
    return isOpen(this.kept) && callback.outcome === 'acked' ? callback.token : null;
  }

  /** Whether the run was given the session. */
  isServedBy(run: { readonly id: string }): boolean {
    return isServedBy(this.kept, run.id);
  }

  /**
   * Whether the run has begun the session: it has accepted the callback and, if readiness is asked
   * for, has said that it is ready.
   */
  hasBegun(run: { readonly id: string }, readiness: boolean): boolean {
    const { delivered, readyFor, fence } = this.kept;
    return this.isServedBy(run) && delivered && (!readiness || readyFor === fence);
  }

  /** Writes changes one after the other, so that none is lost if two come at once. */
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
