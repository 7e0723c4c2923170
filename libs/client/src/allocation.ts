import type { Allocated, AllocationResult, Refused } from '#wire';

/** An allocated game server: its address and ports, and its answer to the callback. */
export type Allocation = Omit<Allocated, 'status' | 'payload'> & {
  /** The game server's answer, parsed. JavaScript numbers may lose digits of large integers. */
  readonly payload: unknown;
  /** The game server's answer as it wrote it: JSON in which 64-bit numbers are exact. */
  readonly payloadText: string;
};

/** The result of a published request. Instants are epoch ms. */
export type PublishedResult = Omit<AllocationResult, 'answer'> & {
  readonly answer: ({ readonly status: 'allocated' } & Allocation) | Refused;
};

export function allocationOf({ status: _, payload, ...rest }: Allocated): Allocation {
  return { ...rest, payload: payload.value(), payloadText: payload.text };
}

export function publishedResultOf({ answer, ...rest }: AllocationResult): PublishedResult {
  if (answer.status === 'refused') return { ...rest, answer };
  return { ...rest, answer: { status: answer.status, ...allocationOf(answer) } };
}
