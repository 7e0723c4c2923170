/** Something that answers allocation requests over NATS, and that can be measured. */
export interface Target {
  /** Heads its rows in the table. */
  readonly name: string;
  /** A module that exports `requests: Requests`; the load generator imports it in its process. */
  readonly requestsModule: URL;
  /** Brings up everything but the requester. Resolves when it is ready to allocate. */
  start(natsUrl: string): Promise<RunningTarget>;
}

export interface RunningTarget {
  stop(): Promise<void>;
}

/** How a target is asked, and how its answers are read. */
export interface Requests {
  /** Where requests go. */
  readonly subject: string;
  /** The request for one allocation. The id is a fresh UUID. */
  body(id: string): string;
  /** Whether the reply grants a slot; anything else counts as an error. */
  isSuccess(reply: string): boolean;
}

/**
 * The slots that every target offers, so that all are measured on fleets of the same size. Many
 * more than requests in flight: nobody waits for a session to end.
 */
export const slotCount = 1_000;
