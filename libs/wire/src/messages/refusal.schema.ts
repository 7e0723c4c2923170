import { z } from 'zod';

/** Why a request is not served. Stable, because matchmakers branch on these codes. */
export const refusalCode = z.enum([
  /** The request itself is wrong; sending it again does not help. */
  'invalid',
  /** No slot that fits is free, or became free while the request waited. */
  'none-available',
  /** No slot fits: none has what is asked for, whatever state it is in. */
  'nothing-fits',
  /** The fleet may have no more sessions. */
  'fleet-maximum',
  /** The agents of the slots that fit are not heard. */
  'agents-lost',
  /** The games of the slots that fit do not start; one is tried again later. */
  'games-failing',
  /** The slots that fit are drained or in maintenance. */
  'out-of-service',
  /** No fleet of this name is known in the region. */
  'unknown-fleet',
  /** Too many requests are waiting already; ask again later. */
  'shed',
  /** A published request whose time was over before a server was found. */
  'expired',
  /** The requester cancelled it while it waited. */
  'cancelled',
  /** Every slot that was tried refused its callback, or did not answer it in time. */
  'callback-failed',
  /** No verdict by the request's deadline; ask again with the same id. */
  'timed-out',
  /** This allocator has lost contact with the log; ask again. */
  'not-ready',
  /** The allocation existed, but its session is over. */
  'ended',
  /** The fleet was changed in the meantime. */
  'stale-revision',
  /** The slot is unknown, or the agent has no known slots. */
  'unknown-slot',
  /** The region has no build configuration of this name, and no slot is set to one. */
  'unknown-build-configuration',
  /** The region has no build of this name, or no such version of it. */
  'unknown-build',
  /** What was to be removed is still in use. */
  'in-use',
  /** No allocation with this id is known. */
  'unknown-allocation',
]);
export type RefusalCode = z.output<typeof refusalCode>;

/** What stood in the way of a request; missing is what is not known, or what there was none of. */
export const refusalGrounds = z
  .object({
    passedOver: z
      .record(z.string(), z.int())
      .optional()
      .describe(
        'slots that fit, by what keeps them from being given: `taken`, `clearing`, `lost`, `full`, ' +
          '`withheld`, `drained`, `maintenance`, `unreadable`; there may be more than you know',
      ),
    atLeast: z.boolean().optional().describe('whether there are more than those that were counted'),
    excludedBy: z
      .array(z.string())
      .optional()
      .describe('where no slot fits, the conditions that none meets; for people'),
    tried: z
      .array(
        z.object({
          attempt: z.int().describe('1 for the first slot that was tried'),
          slot: z.string().describe('`region.agent.slot`'),
          by: z
            .string()
            .describe('the event that ended it; `pending`: its callback is not answered'),
          reason: z.string(),
          at: z.number().describe('epoch ms'),
        }),
      )
      .optional()
      .describe(
        'the slots that were tried, and why each was left; the last ones, if there are many',
      ),
  })
  .meta({ id: 'RefusalGrounds' });
export type RefusalGrounds = z.output<typeof refusalGrounds>;

export const refused = z.object({
  status: z.literal('refused'),
  allocationId: z.string().optional(),
  code: refusalCode.describe('on the bus, and in results, one that version 0.2 knows'),
  cause: z
    .string()
    .optional()
    .describe('the exact code, if `code` is `none-available` only because all versions know it'),
  message: z.string(),
  grounds: refusalGrounds.optional(),
});
export type Refused = z.output<typeof refused>;
