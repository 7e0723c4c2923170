import { contradictionIn, type FleetEvent, type FleetSize, type FleetState } from '#fleet';
import { z } from 'zod';
import { refused } from './allocation.schema.js';
import { token } from './slot.schema.js';

const numbers = {
  minAvailable: z.int().nonnegative(),
  max: z.int().nonnegative(),
  buffer: z.int().nonnegative(),
};
const recorded = { reason: z.string(), by: z.string() };

/*
 * The storage format. As with slots: fields may be added, with a default; none is ever renamed or
 * removed.
 */

const storedSize = z.object(numbers) satisfies z.ZodType<FleetSize>;
const happened = { at: z.number(), ...recorded };

export const fleetEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('FleetSized'), ...happened, size: storedSize }),
  z.object({ type: z.literal('FleetUnsized'), ...happened }),
]) satisfies z.ZodType<FleetEvent>;

export const fleetState = z.object({
  size: storedSize.nullable(),
}) satisfies z.ZodType<FleetState>;

/* What is asked of allocators, and answered. */

const wanted = {
  /** Recorded. */
  reason: z.string().max(1_024).default(''),
  /** Who asks; recorded. */
  by: z.string().min(1).max(256).default('unnamed'),
};

function isKeepable(size: FleetSize, context: z.RefinementCtx): void {
  const message = contradictionIn(size);
  if (message !== null) context.addIssue({ code: 'custom', message });
}

/** A size, where the place says of which fleet: the body over HTTP. */
export const sizeBody = z.strictObject({ ...numbers, ...wanted }).superRefine(isKeepable);
export type SizeBody = z.output<typeof sizeBody>;

/** Why and by whom a size is withdrawn: the query over HTTP. */
export const unsizeQuery = z.strictObject(wanted);

/** Sets a fleet's size in a region, or withdraws it. */
export const sizeRequest = z.strictObject({
  region: token,
  fleet: token,
  /** Null: none; each agent keeps its free slots as its own setting says. */
  size: z.strictObject(numbers).superRefine(isKeepable).nullable(),
  ...wanted,
  /** The size is set only where it was last changed at this revision; 0: where it never was. */
  revision: z.int().nonnegative().optional(),
});
export type SizeRequest = z.output<typeof sizeRequest>;

/** A fleet of a region, as one allocator sees it. */
export const fleetView = z.object({
  /** The fleet's name in APIs, `region.fleet`. */
  id: z.string(),
  size: storedSize.nullable(),
  /** Rises with each change of the size; 0: it never had one. */
  revision: z.int().nonnegative(),
  /** Slots with a session. */
  allocated: z.int(),
  /** Free slots with a process standing ready. */
  warm: z.int(),
  /** Free slots without one, be it that one is about to start. */
  cold: z.int(),
});
export type FleetView = z.output<typeof fleetView>;

export const sized = z.object({ status: z.literal('sized'), fleet: fleetView });
export const sizeAnswer = z.discriminatedUnion('status', [sized, refused]);
export type SizeAnswer = z.output<typeof sizeAnswer>;

/** Asks for all fleets of a region that have a size or slots, or for one of them. */
export const fleetsRequest = z.strictObject({
  region: token,
  fleet: z.string().max(128).optional(),
});
export type FleetsRequest = z.output<typeof fleetsRequest>;

export const fleets = z.object({ status: z.literal('fleets'), fleets: z.array(fleetView) });
export const fleetsAnswer = z.discriminatedUnion('status', [fleets, refused]);
export type FleetsAnswer = z.output<typeof fleetsAnswer>;
