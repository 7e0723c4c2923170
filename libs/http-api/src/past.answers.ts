import { z } from 'zod';
import { slotAnswer } from './slot.answers.js';

const { id, fleet, status, phase, buildConfiguration, address, pending, agentLost } =
  slotAnswer.shape;

/** A slot as it was. It shows no payloads and no tokens. */
export const pastSlotAnswer = z
  .object({
    id,
    fleet,
    status,
    phase,
    buildConfiguration,
    address,
    pending,
    agentLost,
    allocation: z
      .object({
        allocationId: z.string(),
        attempt: z.int(),
        requestedBy: z.string(),
        requestedAt: z.number().describe('when the slot was claimed (epoch ms)'),
      })
      .nullable()
      .describe('who had it, also after the session until the slot was cleared'),
    claims: z.int().describe('how often it had been claimed'),
    sequence: z.int().describe('sequence of the last event before that instant'),
    event: z.string().describe('the type of that event'),
    at: z.number().describe('when that event was recorded (epoch ms)'),
  })
  .meta({ id: 'PastSlot' });

const unknown = z
  .array(z.string())
  .describe('slots whose events of that time are no longer kept, or cannot be read');

/** All slots of a region as they were at an instant. */
export const fleetAtAnswer = z.object({
  region: z.string(),
  at: z.number().describe('epoch ms'),
  slots: z.array(pastSlotAnswer).describe('by id; slots that were retired are left out'),
  unknown,
  next: z.string().optional(),
});

/** What of a slot can differ between two instants. */
const differing = z.enum([
  'status',
  'allocation',
  'fleet',
  'buildConfiguration',
  'address',
  'pending',
  'agentLost',
]);

/** What was different in a region between two instants. */
export const fleetDiffAnswer = z.object({
  region: z.string(),
  from: z.number().describe('epoch ms'),
  to: z.number().describe('epoch ms'),
  slots: z.int().describe('how many slots there were at either instant'),
  changed: z.array(
    z.object({
      id,
      before: pastSlotAnswer.nullable().describe('null: it was not there'),
      after: pastSlotAnswer.nullable().describe('null: it was not there, or retired'),
      differs: z.array(differing).describe('empty where the slot came or went'),
      claims: z.int().describe('how often it was claimed between the two instants'),
    }),
  ),
  changedSlots: z.int().describe('how many slots differ, on all pages'),
  changedBack: z
    .int()
    .describe('slots to which something happened, and which are as they were before'),
  claims: z.int().describe('how often slots were claimed between the two instants'),
  unknown,
  next: z.string().optional(),
});
