import { claimsAnswer, indexedClaim, indexState } from '#wire';
import { z } from 'zod';

const { lagEvents } = claimsAnswer.options[0].shape;

/** Allocations that the index knows, the latest first. */
export const indexedAllocationsAnswer = z.object({
  allocations: z.array(indexedClaim.meta({ id: 'IndexedAllocation' })),
  next: z.string().optional(),
  lagEvents,
});

export const indexStateAnswer = indexState.meta({ id: 'AuditIndex' });

export const indexStatesAnswer = z.object({ indexes: z.array(indexStateAnswer) });
