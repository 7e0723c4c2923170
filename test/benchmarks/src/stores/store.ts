/**
 * Holds the slots in place of the log, with the same steps; each is stored before it is announced.
 */
export interface Store {
  /** Takes a free slot for the allocation, once; undefined if none is free, or the id is known. */
  claim(id: string, body: string): Promise<number | undefined>;
  /** Records that the game has answered; false if that was not expected. */
  acknowledge(slot: number, id: string, body: string): Promise<boolean>;
  /** Makes the slot free again; false if this allocation did not hold it. */
  clear(slot: number, id: string, body: string): Promise<boolean>;
}

/** The parameters of the workers. */
export interface StoreParameters {
  readonly natsUrl: string;
  /** Distinguishes this store's subjects from those of the other store. */
  readonly name: 'postgres' | 'redis';
  /** The folder or file of the store's Unix socket. */
  readonly socket: string;
}

export const subjectsOf = (name: StoreParameters['name']) => ({
  allocate: `${name}.allocate`,
  told: `${name}.told`,
  reports: `${name}.reports`,
});

/** A message to the agent. Its report is below. */
export interface Told {
  readonly slot: number;
  readonly id: string;
  readonly type: 'claimed' | 'acknowledged';
  readonly body: string;
}

export interface Report {
  readonly slot: number;
  readonly id: string;
  readonly seen: 'callback-acked' | 'exited';
  readonly payload: unknown;
}
