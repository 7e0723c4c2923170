import type { StoredMessage } from '#kernel';
import type { Records, Stored } from './records.js';

/** What a log in memory has stored, undecoded: for who asks what stood in it at an earlier time. */
export class MemoryStoredLog {
  constructor(private readonly records: Records) {}

  extent(): Promise<{ readonly first: number; readonly last: number }> {
    const first = this.records.next(0)?.sequence ?? 0;
    return Promise.resolve({ first, last: first === 0 ? 0 : this.records.lastSequence });
  }

  subjects(): Promise<readonly string[]> {
    return Promise.resolve(this.records.present('>').map(({ subject }) => subject));
  }

  lastBefore(subjects: readonly string[], sequence: number): Promise<readonly StoredMessage[]> {
    const last = subjects.map((subject) =>
      this.records.read(subject).findLast((stored) => stored.sequence < sequence),
    );
    return Promise.resolve(last.filter((stored) => stored !== undefined).map(message));
  }

  next(sequence: number): Promise<StoredMessage | undefined> {
    const stored = this.records.next(sequence - 1);
    return Promise.resolve(stored && message(stored));
  }

  firstOf(subject: string): Promise<StoredMessage | undefined> {
    const stored = this.records.read(subject)[0];
    return Promise.resolve(stored && message(stored));
  }
}

function message({ subject, sequence, body }: Stored): StoredMessage {
  return { subject, sequence, body, expected: null, deduplicationId: null };
}
