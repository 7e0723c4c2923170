import type { Clock } from '#kernel';

/** Values by number, each kept for the same time (ms) after it was set; the oldest make room. */
export class ExpiringCache<Value> {
  private readonly kept = new Map<number, { readonly value: Value; readonly until: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly keptMs: number,
    private readonly max: number,
  ) {}

  get(id: number): Value | undefined {
    const found = this.kept.get(id);
    return found === undefined || found.until <= this.clock.now() ? undefined : found.value;
  }

  set(id: number, value: Value): void {
    this.kept.delete(id);
    const now = this.clock.now();
    // The oldest come first.
    for (const [oldest, { until }] of this.kept) {
      if (until > now && this.kept.size < this.max) break;
      this.kept.delete(oldest);
    }
    this.kept.set(id, { value, until: now + this.keptMs });
  }

  delete(id: number): void {
    this.kept.delete(id);
  }
}
