/** A system that answers allocation requests and can be measured. */
export interface Target {
  /** The name in the table. */
  readonly name: string;
  /** Measured only if `--targets` names it. */
  readonly onRequest?: boolean;
  /**
   * A module that exports `open: OpenRequester`; the load generator imports it in its own process.
   */
  readonly requesterModule: URL;
  /**
   * Starts everything but the requester. Resolves when it is ready to allocate, or with the reason
   * why it cannot be measured on this machine.
   */
  start(surroundings: Surroundings): Promise<RunningTarget | Skipped>;
}

/** What every target is started with. */
export interface Surroundings {
  readonly natsUrl: string;
  /** A folder for this run; deleted afterwards. */
  readonly folder: string;
  /** Whether acknowledged messages must be on the disk. */
  readonly syncAlways: boolean;
}

export interface RunningTarget {
  /** The address for requesters, as plain data. */
  readonly address: object;
  /** The process ids of its parts, by their names in the table. */
  readonly processes: Readonly<Record<string, number>>;
  /** Where its own nats-server is monitored, if it has one. */
  readonly monitorUrl?: string;
  stop(): Promise<void>;
}

export interface Skipped {
  readonly skipped: string;
}

/** Asks for allocations, in the load generator's process. */
export interface Requester {
  /** Asks for one allocation; false if it was refused, or failed on the way. */
  allocate(id: string): Promise<boolean>;
  close(): Promise<void>;
}

export type OpenRequester<Address> = (address: Address) => Promise<Requester>;

/**
 * Number of slots that every target offers, so that all targets have fleets of the same size. Far
 * more than requests in flight, so that no request waits for the end of a session.
 */
export const slotCount = 1_000;
