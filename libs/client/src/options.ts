import type { NatsLogin } from '#jetstream';
import type {
  allocationRequest,
  deallocationRequest,
  operationRequest,
  publishedRequest,
  sizeRequest,
} from '#wire';
import type { z } from 'zod';

/** The fields of `allocationRequest` on the wire; only `region` is required. */
export type AllocateOptions = z.input<typeof allocationRequest>;

export type DeallocateOptions = z.input<typeof deallocationRequest> & {
  /** How long to keep trying, in ms. */
  readonly timeoutMs?: number;
};

/** An operation on one slot of an agent, or on all slots that the agent has now. */
export type DirectOptions = z.input<typeof operationRequest> & {
  /** How long to wait for the answer, in ms. */
  readonly timeoutMs?: number;
};

/** The size of a fleet; `size: null` withdraws it. */
export type SizeOptions = z.input<typeof sizeRequest> & {
  /** How long to wait for the answer, in ms. */
  readonly timeoutMs?: number;
};

export interface WatchOptions {
  readonly region: string;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

export interface ConnectOptions {
  /** `nats://host:port`, several comma separated; `tls://host:port` requires TLS. */
  readonly servers: string;
  /** How to log in, if the server asks for it. */
  readonly login?: NatsLogin;
  /** The project that the login is of: such a login asks for and ends sessions of it alone. */
  readonly project?: string;
}

/** The fields of `publishedRequest` on the wire; `region` and `allocationId` are required. */
export type PublishOptions = z.input<typeof publishedRequest> & { readonly region: string };

export interface Interruptible {
  /**
   * Ends the call, and frees the place of a request that waits for a slot. A server that is granted
   * all the same is given back if the client made up the `allocationId`; under an id of your own it
   * stays allocated, and is yours to release.
   */
  readonly signal?: AbortSignal;
}
