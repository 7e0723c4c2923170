import type { SlotFolder } from '../machine/slot-folder.js';
import { isOpen, type SessionRecord } from './record.js';

/** A slot's record of its session, as it is on disk. */
export class Ledger {
  private amending: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: SlotFolder,
    private record: SessionRecord,
  ) {}

  get now(): SessionRecord {
    return this.record;
  }

  /** What the session's players hold; null where nobody was told one yet. */
  get token(): string | null {
    const { callback } = this.record;
    return isOpen(this.record) && callback.outcome === 'acked' ? callback.token : null;
  }

  /** One change after the other: none is lost where two come at once. */
  amend(change: Partial<SessionRecord>): Promise<void> {
    const amended = this.amending.then(async () => {
      const record = { ...this.record, ...change };
      await this.folder.writeRecord(record);
      this.record = record;
    });
    this.amending = amended.catch(() => undefined);
    return amended;
  }
}
