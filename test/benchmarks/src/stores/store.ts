/** What holds the slots in place of the log: the same steps, each kept before it is told of. */
export interface Store {
  /** Takes a free slot for the allocation, once; undefined: none is free, or the id is known. */
  claim(id: string, body: string): Promise<number | undefined>;
  /** Records that the game has answered; false: it was not waited for. */
  acknowledge(slot: number, id: string, body: string): Promise<boolean>;
  /** Makes the slot free again; false: it was not taken by this allocation. */
  clear(slot: number, id: string, body: string): Promise<boolean>;
}

/** What the workers are started with. */
export interface StoreParameters {
  readonly natsUrl: string;
  /** Tells this store's subjects from those of another one. */
  readonly name: 'postgres' | 'redis';
  /** The folder or file of the store's Unix socket. */
  readonly socket: string;
}

export const subjectsOf = (name: StoreParameters['name']) => ({
  allocate: `${name}.allocate`,
  told: `${name}.told`,
  reports: `${name}.reports`,
});

/** What the agent is told of, and what it reports. */
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
