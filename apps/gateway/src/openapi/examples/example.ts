/** What is sent to one operation, and what it answers: a real exchange. */
export interface Example {
  readonly body?: unknown;
  /** By status. */
  readonly answers?: Readonly<Record<number, unknown>>;
}

/** By the name of the operation. */
export type Examples = Readonly<Record<string, Example>>;

/** When what the examples tell of has happened. */
export const AT = Date.UTC(2026, 0, 1);
