import { slotState } from '#slot';
import { z } from 'zod';

const { context, value } = slotState.shape;
const { offer, process, allocation, lastEnd, pending, warmth, failure, failedStarts } =
  context.shape;
const offered = offer.unwrap().shape;
const {
  id: allocationId,
  allocator: _,
  token: __,
  tokenEncrypted: ___,
  answer,
  payload,
  payloadKey: ____,
  ...granted
} = allocation.unwrap().shape;

/** Removes defaults: stored events may lack these fields, but an answer always has them. */
function stated<Shape extends z.ZodRawShape>(shape: Shape): Shape {
  const fields = Object.entries(shape).map(([name, schema]) => [
    name,
    schema instanceof z.ZodDefault ? schema.unwrap() : schema,
  ]);
  return Object.fromEntries(fields) as Shape;
}

/** The fields of a grant without its secret token. */
export const grant = {
  allocationId,
  ...stated(granted),
  requestPayload: payload.describe("the requester's payload"),
  payload: answer.describe("the game server's answer to its callback"),
};

const [available, allocated, rest] = value.options;

export const phase = z
  .union([available.shape.available, allocated.shape.allocated])
  .describe("the detail of a slot's status");

const status = z.enum(['available', 'allocated', ...rest.options]);

/** The statuses of slots that lists show: retired ones are left out. */
export const listedStatus = status.exclude(['retired']);

/** A slot as the API shows it. */
export const slotAnswer = z
  .object({
    id: z.string().describe('`region.agent.slot`'),
    region: z.string(),
    agent: z.string(),
    slot: z.string(),
    fleet: z.string().nullable(),
    status,
    phase: phase.nullable(),
    buildConfiguration: z.string().nullable(),
    address: z.string().nullable().describe('`host:port` for players'),
    ip: z.string().nullable(),
    ports: offered.ports,
    addresses: offered.addresses.unwrap().describe('further hosts by name, with the same ports'),
    attributes: offered.attributes,
    priority: z.number().nullable().describe('lower is allocated first'),
    process,
    pending: pending.describe('what the slot changes to once its session is over'),
    agentLost: z.boolean(),
    warmth: warmth.describe(
      "whether a process should stand ready; null for the agent's own setting",
    ),
    failure: failure
      .unwrap()
      .describe('what is wrong with its process or its start; null if no failure is known'),
    failedStarts: failedStarts
      .unwrap()
      .unwrap()
      .extend({
        offeredAgainAt: z
          .number()
          .nullable()
          .describe(
            'not offered before this instant (epoch ms); null if it is offered, after all other slots',
          ),
      })
      .nullable()
      .describe(
        'consecutive claims for which its game did not start in time; null if there were none',
      ),
    allocation: z.object(grant).nullable(),
    lastEnd,
    sequence: z.int().describe('sequence of its last event in the log'),
    setAside: z.string().optional().describe('why its last event could not be read'),
  })
  .meta({ id: 'Slot' });

export const slotsAnswer = z.object({
  slots: z.array(slotAnswer),
  next: z.string().optional(),
});
