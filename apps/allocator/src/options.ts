/** What may be set for an allocator; the defaults are what production runs with. */
export interface AllocatorOptions {
  /** How long an id is remembered after its session has ended, in ms. */
  readonly rememberMs: number;
  /** How long the archive keeps an event, in ms. */
  readonly archiveMs: number;
  /** Ended ids, and ids with failures, remembered at most. */
  readonly rememberedMax: number;
  /** Requests of the region that wait at this allocator at most; one more is refused. */
  readonly waitingMax: number;
}

export const DEFAULTS: AllocatorOptions = {
  rememberMs: 24 * 3_600_000,
  archiveMs: 90 * 24 * 3_600_000,
  rememberedMax: 1_000_000,
  waitingMax: 10_000,
};
