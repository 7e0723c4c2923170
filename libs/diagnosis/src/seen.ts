import type { Alive, ServerStorage, StreamView } from '#wire';

export interface SeenAgent {
  readonly id: string;
  readonly slots: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly lost: number;
  /** Its last beat said that it stops in order. */
  readonly hasStopped: boolean;
  /** For how long its login to NATS is good (ms); null: for ever, or it is not known. */
  readonly loginLeftMs: number | null;
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
}

/** Whether nobody knows why an agent is silent. One that stopped in order is not lost. */
export function isLost({ lost, hasStopped }: Pick<SeenAgent, 'lost' | 'hasStopped'>): boolean {
  return lost > 0 && !hasStopped;
}

/** The services of a region that are heard, and its streams. */
export interface SeenRegion {
  readonly region: string;
  readonly services: readonly (Alive & { readonly service: string; readonly id: string })[];
  readonly streams: readonly StreamView[] | null;
  readonly missing: readonly string[];
  readonly servers: readonly ServerStorage[] | null;
}
