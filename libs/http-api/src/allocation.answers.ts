import { slotState } from '#slot';
import { allocated, deallocated } from '#wire';
import { z } from 'zod';
import { grant, phase } from './slot.answers.js';

/** A grant as its requester gets it: with the token. */
export const grantAnswer = allocated
  .omit({ status: true, payloadKey: true, tokenEncrypted: true })
  .meta({ id: 'Grant' });

export const releaseAnswer = deallocated.omit({ status: true }).meta({ id: 'Release' });

const { allocationId, ...details } = grant;

/** An allocation as any reader gets it: without the token. */
export const allocationAnswer = z
  .object({
    allocationId,
    status: z.union([phase, z.literal('ended')]),
    slot: z.string().describe('`region.agent.slot`'),
    region: z.string(),
    fleet: z.string().nullable(),
    end: slotState.shape.context.shape.lastEnd.describe('how it ended; null while it runs'),
    sequence: z.int().describe('sequence of the last event of its slot'),
    // Once the slot has another session, only the end of this one is known.
    ...z
      .object({
        address: z.string().nullable().describe('`host:port` for players'),
        ip: z.string().nullable(),
        ports: z.record(z.string(), z.int()),
        addresses: z.record(z.string(), z.string()),
        ...details,
      })
      .partial().shape,
  })
  .meta({ id: 'Allocation' });

export const allocationsAnswer = z.object({
  allocations: z.array(allocationAnswer),
  next: z.string().optional(),
});
