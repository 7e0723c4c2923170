/** What was learned within one span of this length is forgotten together. */
const GRAIN_MS = 60_000;

interface Memory<Value> {
  readonly at: number;
  readonly value: Value;
}

/**
 * Values by id, kept by the time at which they happened, in whatever order they are learned: history
 * is read while news comes in, and writers' clocks differ.
 */
export class Remembered<Value> {
  private readonly memories = new Map<string, Memory<Value>>();
  private readonly grains = new Map<number, string[]>();
  /** Ids that had to go before their time, because there were too many. */
  forgottenEarly = 0;

  constructor(private readonly max: number) {}

  get size(): number {
    return this.memories.size;
  }

  get(id: string): Value | undefined {
    return this.memories.get(id)?.value;
  }

  /** `happenedAt`: epoch ms; of several values of one id, the latest instant counts. */
  set(id: string, happenedAt: number, value: Value): void {
    const before = this.memories.get(id);
    if (before === undefined && this.memories.size >= this.max) this.forgetEarliest();
    const at = Math.max(happenedAt, before?.at ?? happenedAt);
    this.memories.set(id, { at, value });
    const grain = grainOf(at);
    if (before !== undefined && grainOf(before.at) === grain) return;
    const ids = this.grains.get(grain);
    if (ids === undefined) this.grains.set(grain, [id]);
    else ids.push(id);
  }

  /** Forgets what happened before `at`, or up to a grain later. */
  forgetBefore(at: number): void {
    const first = grainOf(at);
    for (const grain of this.grains.keys()) if (grain < first) this.forget(grain);
  }

  private forgetEarliest(): void {
    const before = this.memories.size;
    this.forget(Math.min(...this.grains.keys()));
    this.forgottenEarly += before - this.memories.size;
  }

  private forget(grain: number): void {
    for (const id of this.grains.get(grain) ?? []) {
      const memory = this.memories.get(id);
      // What has happened to the id since stands in a later grain.
      if (memory !== undefined && grainOf(memory.at) === grain) this.memories.delete(id);
    }
    this.grains.delete(grain);
  }
}

function grainOf(at: number): number {
  return Math.floor(at / GRAIN_MS);
}
