/** Length of one span (ms): values from the same span are forgotten together. */
const GRAIN_MS = 60_000;

interface Remembered<Value> {
  readonly at: number;
  readonly value: Value;
}

/**
 * Values by id, forgotten by the time at which they happened. They may be set in any order, because
 * history is read while new events arrive, and writers' clocks differ.
 */
export class TtlMap<Value> {
  private readonly values = new Map<string, Remembered<Value>>();
  private readonly grains = new Map<number, string[]>();
  /** Number of ids that were forgotten before their time because there were too many. */
  forgottenEarly = 0;

  constructor(private readonly max: number) {}

  get size(): number {
    return this.values.size;
  }

  get(id: string): Value | undefined {
    return this.values.get(id)?.value;
  }

  /** `happenedAt` is epoch ms; if an id is set again, the later instant counts. */
  set(id: string, happenedAt: number, value: Value): void {
    const before = this.values.get(id);
    if (before === undefined && this.values.size >= this.max) this.forgetEarliest();
    const at = Math.max(happenedAt, before?.at ?? happenedAt);
    this.values.set(id, { at, value });
    const grain = grainOf(at);
    if (before !== undefined && grainOf(before.at) === grain) return;
    const ids = this.grains.get(grain);
    if (ids === undefined) this.grains.set(grain, [id]);
    else ids.push(id);
  }

  /**
   * Forgets what happened before `at` (epoch ms); what happened up to 60 s before `at` may stay.
   */
  forgetBefore(at: number): void {
    const first = grainOf(at);
    for (const grain of this.grains.keys()) if (grain < first) this.forget(grain);
  }

  private forgetEarliest(): void {
    const before = this.values.size;
    this.forget(Math.min(...this.grains.keys()));
    this.forgottenEarly += before - this.values.size;
  }

  private forget(grain: number): void {
    for (const id of this.grains.get(grain) ?? []) {
      const known = this.values.get(id);
      // An id that was set again later belongs to the grain of its later instant.
      if (known !== undefined && grainOf(known.at) === grain) this.values.delete(id);
    }
    this.grains.delete(grain);
  }
}

function grainOf(at: number): number {
  return Math.floor(at / GRAIN_MS);
}
