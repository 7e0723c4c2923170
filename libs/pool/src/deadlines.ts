/** Deadlines closer together than this share a place. */
const GRAIN_MS = 100;

/** The next deadline of each slot, found by time; setting one costs the same however many wait. */
export class Deadlines {
  private readonly atOf = new Map<string, number>();
  private readonly places = new Map<number, Set<string>>();
  private earliest = Infinity;

  set(subject: string, at: number | null): void {
    const before = this.atOf.get(subject);
    if (before === at) return;
    if (before !== undefined) this.forget(subject, before);
    if (at === null || at === Infinity) return;
    const place = Math.floor(at / GRAIN_MS);
    this.atOf.set(subject, at);
    this.places.set(place, (this.places.get(place) ?? new Set()).add(subject));
    this.earliest = Math.min(this.earliest, place);
  }

  /** The subjects whose deadline is at or before `now`; they stay until they are set anew. */
  due(now: number): string[] {
    if (this.places.size === 0) return [];
    const found: string[] = [];
    const last = Math.floor(now / GRAIN_MS);
    for (const place of this.placesUpTo(last)) {
      for (const subject of this.places.get(place) ?? []) {
        if ((this.atOf.get(subject) ?? Infinity) <= now) found.push(subject);
      }
    }
    return found;
  }

  /** Walks the places in use, or the span of time, whichever is shorter. */
  private *placesUpTo(last: number): Iterable<number> {
    while (this.earliest <= last && !this.places.has(this.earliest)) {
      if (last - this.earliest > this.places.size) {
        this.earliest = Math.min(...this.places.keys());
      } else this.earliest += 1;
    }
    if (last - this.earliest > this.places.size) {
      for (const place of this.places.keys()) if (place <= last) yield place;
    } else for (let place = this.earliest; place <= last; place += 1) yield place;
  }

  private forget(subject: string, at: number): void {
    const place = Math.floor(at / GRAIN_MS);
    const subjects = this.places.get(place);
    subjects?.delete(subject);
    if (subjects?.size === 0) this.places.delete(place);
    this.atOf.delete(subject);
  }
}
