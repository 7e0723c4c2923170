import type { Allocated, AllocationResult, Refused } from '#wire';

/** A game server of one's own: where it is, and what it said when it was told. */
export type Allocation = Omit<Allocated, 'status' | 'payload'> & {
  /** The game server's answer, as far as JavaScript's numbers can say it. */
  readonly payload: unknown;
  /** The same as the game server wrote it: JSON, in which 64-bit numbers are whole. */
  readonly payloadText: string;
};

/** What became of a published request. Instants are epoch ms. */
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
