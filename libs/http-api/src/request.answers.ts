import { refusalCode, refusalGrounds, refusalRecord } from '#wire';
import { z } from 'zod';
import { grantAnswer } from './allocation.answers.js';

const which = { allocationId: z.string(), region: z.string() };
const instants = {
  publishedAt: z.number().describe('when the request was stored; epoch ms'),
  answeredAt: z.number().describe('epoch ms'),
};

export const publishedAnswer = z
  .object({ ...which, status: z.literal('pending') })
  .meta({ id: 'PublishedRequest' });

/** The outcome of a published request. */
export const requestAnswer = z
  .discriminatedUnion('status', [
    z.object({ ...which, status: z.literal('pending') }),
    z.object({ ...which, status: z.literal('allocated'), ...instants, allocation: grantAnswer }),
    z.object({
      ...which,
      status: z.literal('refused'),
      ...instants,
      code: refusalCode,
      message: z.string(),
      grounds: refusalGrounds.optional(),
    }),
  ])
  .meta({ id: 'RequestOutcome' });

export const refusalsAnswer = z.object({
  refusals: z.array(refusalRecord.extend({ sequence: z.int() }).meta({ id: 'Refusal' })),
  next: z.string().optional(),
});
