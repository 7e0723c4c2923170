import { token } from '#kernel';
import { z } from 'zod';
import { refused } from './refusal.schema.js';
import { wanted, wantedOverHttp } from './wanted.js';

/** What an operator may ask of a slot. */
export const direction = z.enum([
  'drain',
  'withdraw-drain',
  'begin-maintenance',
  'end-maintenance',
  'retire',
  'repair',
]);
export type Operation = z.output<typeof direction>;

const force = z
  .boolean()
  .default(false)
  .describe('ends the session of an allocated slot; without it the session goes on until its end');

const isReasoned = ({ force, reason }: { force: boolean; reason: string }) =>
  !force || reason.trim() !== '';
const REASONED = { path: ['reason'], message: 'force ends sessions, and needs a reason' };

/** A direction for a slot or agent that is named elsewhere: the body over HTTP. */
export const directionBody = z
  .strictObject({ direction, ...wantedOverHttp, force })
  .refine(isReasoned, REASONED)
  .meta({ id: 'Direction', examples: [{ direction: 'drain', reason: 'an upgrade', by: 'ann' }] });
export type OperationBody = z.output<typeof directionBody>;

/** A direction for one slot of an agent, or for all slots that the agent has now. */
export const operationRequest = z
  .strictObject({
    region: token,
    agent: token,
    slot: token.optional(),
    direction,
    ...wanted,
    force,
  })
  .refine(isReasoned, REASONED);
export type OperationRequest = z.output<typeof operationRequest>;

/** The outcome of a direction for one slot. */
export const directedSlot = z.object({
  slot: z.string().describe("the slot's name, `region.agent.slot`"),
  /** `pending`: recorded, and done as soon as the session is over and the slot is cleared. */
  outcome: z.enum(['done', 'pending', 'refused']),
  code: z.string().optional().describe('why it is refused; stable'),
  message: z.string().optional(),
});
export type OperatedSlot = z.output<typeof directedSlot>;

const directed = z.object({
  status: z.literal('directed'),
  slots: z.array(directedSlot),
});

export const operationAnswer = z.discriminatedUnion('status', [directed, refused]);
export type OperationAnswer = z.output<typeof operationAnswer>;
