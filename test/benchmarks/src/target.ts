/** Something that answers allocation requests, and that can be measured. */
export interface Target {
  /** Heads its rows in the table. */
  readonly name: string;
  /** A module that exports `open: OpenRequester`; the load generator imports it in its process. */
  readonly requesterModule: URL;
  /**
   * Brings up everything but the requester. Resolves when it is ready to allocate, or with the reason
   * why it cannot be measured on this machine.
   */
  start(surroundings: Surroundings): Promise<RunningTarget | Skipped>;
}

/** What targets are started in. */
export interface Surroundings {
  readonly natsUrl: string;
  /** Of this run; deleted after it. */
  readonly folder: string;
  /** Whether what is acknowledged has to be on the disk. */
  readonly syncAlways: boolean;
}

export interface RunningTarget {
  /** Where requesters go; plain data. */
  readonly address: object;
  /** The process ids of its parts, by what they are called in the table. */
  readonly processes: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export interface Skipped {
  readonly skipped: string;
}

/** Asks for allocations, in the load generator's process. */
export interface Requester {
  /** One allocation; false: it was refused, or there was trouble on the way. */
  allocate(id: string): Promise<boolean>;
  close(): Promise<void>;
}

export type OpenRequester<Address> = (address: Address) => Promise<Requester>;

/**
 * The slots that every target offers, so that all are measured on fleets of the same size. Many
 * more than requests in flight: nobody waits for a session to end.
 */
export const slotCount = 1_000;
