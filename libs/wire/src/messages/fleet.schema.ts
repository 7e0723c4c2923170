import { contradictionIn, fleetSize, type FleetSize } from '#fleet';
import { token } from '#kernel';
import { z } from 'zod';
import { refused } from './refusal.schema.js';
import { lastChange, wanted, wantedOverHttp } from './wanted.js';

/* Requests to allocators about fleets, and their answers. */

function isKeepable(size: FleetSize, context: z.RefinementCtx): void {
  const message = contradictionIn(size);
  if (message !== null) context.addIssue({ code: 'custom', message });
}

/** The size of a fleet that is named elsewhere: the body over HTTP. */
export const sizeBody = z
  .strictObject({ ...fleetSize.shape, ...wantedOverHttp })
  .superRefine(isKeepable)
  .meta({
    id: 'FleetSize',
    examples: [{ minAvailable: 2, max: 100, buffer: 5, reason: 'the weekend', by: 'ann' }],
  });
export type SizeBody = z.output<typeof sizeBody>;

/** Why, and by whom, a size is withdrawn: the query over HTTP. */
export const unsizeQuery = z.strictObject(wantedOverHttp);

/** Sets a fleet's size in a region, or withdraws it. */
export const sizeRequest = z.strictObject({
  region: token,
  fleet: token,
  /** Null removes the size; each agent then keeps its free slots as its own setting says. */
  size: z.strictObject(fleetSize.shape).superRefine(isKeepable).nullable(),
  ...wanted,
  /**
   * The size is set only if the fleet was last changed at this revision; 0: it was never changed.
   */
  revision: z.int().nonnegative().optional(),
});
export type SizeRequest = z.output<typeof sizeRequest>;

/** What the free slots run of a fleet that is named elsewhere: the body over HTTP. */
export const fleetConfigurationBody = z.strictObject({
  buildConfiguration: token
    .nullable()
    .describe("one of the region; null for each agent's own setting"),
  atATime: z
    .int()
    .min(1)
    .max(10_000)
    .default(1)
    .describe('how many free slots with a process change to it at a time'),
  ...wantedOverHttp,
});
export type FleetConfigurationBody = z.output<typeof fleetConfigurationBody>;

/** Sets what a fleet's free slots run. */
export const configureFleetRequest = fleetConfigurationBody.extend({
  ...wanted,
  region: token,
  fleet: token,
  /**
   * The change is made only if the fleet was last changed at this revision; 0: it was never
   * changed.
   */
  revision: z.int().nonnegative().optional(),
});
export type ConfigureFleetRequest = z.output<typeof configureFleetRequest>;

/** How far a fleet's slots have come to what they are to run. */
const rolloutView = z.object({
  buildConfiguration: z.string(),
  version: z.int(),
  done: z.int().describe('slots that run it, or would run it if they were started'),
  changing: z.int().describe('free slots whose process is being replaced or started'),
  waiting: z
    .int()
    .describe('slots that have a session, are held by their game, or wait for their turn'),
  failed: z.int().describe('slots whose game did not start; they stop the rollout'),
  standsMs: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'for how long (ms) no slot has changed to it while some are left, as far as the allocator that answers has seen',
    ),
});

/** A slot whose game did not start, or failed a check. */
const failingSlot = z.object({
  slot: z.string().describe('`region.agent.slot`'),
  reason: z.string().describe('reason of the last failure'),
  failedStarts: z.int().describe('consecutive claims for which its game did not start in time'),
  at: z.number().describe('when it last failed; epoch ms'),
  offeredAgainAt: z
    .number()
    .nullable()
    .describe(
      'not offered before this instant (epoch ms); null if it is offered, after all other slots',
    ),
});

/** Greatest number of failing slots that are listed for each fleet. */
export const FAILING_MAX = 20;

/** A fleet of a region, as one allocator sees it. */
export const fleetView = z.object({
  id: z.string().describe('`region.fleet`'),
  size: fleetSize.meta({ id: 'FleetSizeSet' }).nullable(),
  revision: z.int().nonnegative().describe('rises with each change; 0 if it never had a size'),
  lastChange: lastChange
    .optional()
    .describe('of its size, or of what it runs; missing if nobody changed it'),
  allocated: z.int().describe('slots with a session'),
  warm: z.int().describe('free slots with a process that stands ready'),
  cold: z.int().describe('free slots without a process, or whose process is about to start'),
  buildConfiguration: z
    .string()
    .nullable()
    .default(null)
    .describe("what its free slots should run; null for each agent's own setting"),
  previousConfiguration: z
    .string()
    .nullable()
    .optional()
    .describe('what they ran before, to roll back to; missing if nothing is known of it'),
  atATime: z.int().default(1).describe('how many free slots change to it at a time'),
  rollout: rolloutView.nullable().default(null).describe('null if no build configuration is set'),
  failing: z
    .array(failingSlot)
    .default([])
    .describe(`slots whose games do not start or fail their checks; ${FAILING_MAX} at most`),
});
export type FleetView = z.output<typeof fleetView>;

const sized = z.object({ status: z.literal('sized'), fleet: fleetView });
export const sizeAnswer = z.discriminatedUnion('status', [sized, refused]);
export type SizeAnswer = z.output<typeof sizeAnswer>;

/** Asks for all fleets of a region that have a size or slots, or for one of them. */
export const fleetsRequest = z.strictObject({
  region: token,
  fleet: z.string().max(128).optional(),
});
export type FleetsRequest = z.output<typeof fleetsRequest>;

const fleets = z.object({ status: z.literal('fleets'), fleets: z.array(fleetView) });
export const fleetsAnswer = z.discriminatedUnion('status', [fleets, refused]);
export type FleetsAnswer = z.output<typeof fleetsAnswer>;
