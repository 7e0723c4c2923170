/** A request body of one operation, and its answers: a real exchange. */
export interface Example {
  readonly body?: unknown;
  /** By status. */
  readonly answers?: Readonly<Record<number, unknown>>;
}

/** By the name of the operation. */
export type Examples = Readonly<Record<string, Example>>;

/** The instant of everything in the examples (epoch ms). */
export const AT = Date.UTC(2026, 0, 1);
