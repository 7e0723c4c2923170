/** Something that must never be, found in a run. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
  /** From the beginning of the run (ms). */
  readonly atMs: number;
}

/** Takes what was found; only the first counts. */
export interface Accuser {
  violated(invariant: string, detail: string): void;
}
