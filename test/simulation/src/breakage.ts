/** What a variant of Berth lacks that the simulator must find. */
export interface Breakage {
  /** The log stores whatever its expectation is. */
  readonly withoutCompareAndSet?: boolean;
  /** The log never sees a message's id. */
  readonly withoutDeduplication?: boolean;
  /** What the clock says is never recorded. */
  readonly withoutDeadlines?: boolean;
  /** No agent ever says that a slot is clean. */
  readonly withoutClearing?: boolean;
  /** Nobody looks whether a claim was one too many for its fleet. */
  readonly withoutMaximum?: boolean;
  /** Who came last is served first. */
  readonly withoutOrder?: boolean;
}
