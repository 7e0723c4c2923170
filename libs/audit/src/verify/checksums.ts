/** Documents whose version nobody else has shown yet; more of them are not told apart. */
const SUSPECTS_MAX = 10_000;

/** A document as it was met. */
export interface Place {
  readonly sequence: number;
  readonly subject: string;
}

/**
 * Finds documents that were changed after they were written. A version of Berth counts its checksums
 * from a number of its own (`Seal`), so a log has a few such numbers, each of many documents; a changed
 * document has one that no other has.
 */
export class Checksums {
  private readonly versions = new Set<number>();
  private readonly suspects = new Map<number, Place>();
  /** Who has written documents with a checksum. */
  private readonly sealing = new Set<string>();
  private withoutCount = 0;

  /** Documents without a checksum, as versions up to 0.2.0 wrote them. */
  get without(): number {
    return this.withoutCount;
  }

  /** A document of the version that reads it. */
  own(source: string): void {
    this.sealing.add(source);
  }

  /** A document of another version, or a changed one. */
  other(source: string, origin: number, place: Place): void {
    this.sealing.add(source);
    if (this.versions.has(origin)) return;
    if (this.suspects.delete(origin)) this.versions.add(origin);
    else if (this.suspects.size < SUSPECTS_MAX) this.suspects.set(origin, place);
  }

  /** Says whether it should have a checksum: its writer has written some before. */
  none(source: string): boolean {
    this.withoutCount += 1;
    return this.sealing.has(source);
  }

  /** Those that were changed, once all has been read. */
  changed(): readonly Place[] {
    return [...this.suspects.values()];
  }

  state(): ChecksumState {
    return {
      versions: [...this.versions],
      suspects: [...this.suspects],
      sealing: [...this.sealing],
      without: this.withoutCount,
    };
  }

  static of({ versions, suspects, sealing, without }: ChecksumState): Checksums {
    const checksums = new Checksums();
    for (const origin of versions) checksums.versions.add(origin);
    for (const [origin, place] of suspects) checksums.suspects.set(origin, place);
    for (const source of sealing) checksums.sealing.add(source);
    checksums.withoutCount = without;
    return checksums;
  }
}

/** To go on later. */
export interface ChecksumState {
  readonly versions: readonly number[];
  readonly suspects: readonly (readonly [number, Place])[];
  readonly sealing: readonly string[];
  readonly without: number;
}
