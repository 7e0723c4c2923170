/** A violated invariant, found in a run. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
  /** Time since the beginning of the run (ms). */
  readonly atMs: number;
}

/** Takes violations; only the first counts. */
export interface Accuser {
  violated(invariant: string, detail: string): void;
}
