import { KeyStore, matches, type StoredOutcome } from '#wire';

/** Keys within one process. */
export class MemoryKeyStore extends KeyStore {
  private readonly stored = new Map<
    number,
    { readonly subject: string; readonly body: Uint8Array }
  >();
  private sequence = 0;

  add(subject: string, body: Uint8Array): Promise<number> {
    this.sequence += 1;
    this.stored.set(this.sequence, { subject, body });
    return Promise.resolve(this.sequence);
  }

  at(sequence: number): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.stored.get(sequence)?.body);
  }

  last(subject: string): Promise<Uint8Array | undefined> {
    const found = [...this.stored.values()].filter((stored) => stored.subject === subject);
    return Promise.resolve(found.at(-1)?.body);
  }

  list(filter: string, after: number, most: number): Promise<readonly StoredOutcome[]> {
    const found = [...this.stored]
      .filter(([sequence, { subject }]) => sequence > after && matches(filter, subject))
      .map(([sequence, { body }]) => ({ sequence, body }));
    return Promise.resolve(found.slice(0, most));
  }

  erase(sequence: number): Promise<void> {
    this.stored.delete(sequence);
    return Promise.resolve();
  }
}
