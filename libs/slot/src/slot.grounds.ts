import type { Immutable } from '#kernel';
import { z } from 'zod';

/*
 * What a claim says of its request and of the choice of its slot, for whoever asks later. It is part of
 * the storage format, and of events alone: nothing is decided by it. Words are open: later versions may
 * have more of them. What is not there was not asked for, or is zero.
 */

const words = z.record(z.string(), z.string());
const count = z.int().nonnegative();

/** What a request asked of its slot, as far as the rest of the claim does not say it. */
export const asked = z.object({
  fleet: z.string().exactOptional(),
  /** One of these; the first of them, if there are many. */
  fleets: z.array(z.string()).exactOptional(),
  buildConfiguration: z.string().exactOptional(),
  /** `region.agent.slot`. */
  slot: z.string().exactOptional(),
  /** As many of them as fit into `ASKED_LENGTH_MAX` characters. */
  attributes: words.exactOptional(),
  /** Fleets and attributes that were asked for as well, and are not listed. */
  leftOut: count.exactOptional(),
});
export type Asked = Immutable<z.output<typeof asked>>;

/** As much of the fleets, and of the attributes, of a request as a claim keeps, in characters. */
export const ASKED_LENGTH_MAX = 1_024;

/** Why a request was given this slot and no other, as its allocator saw it. */
export const grounds = z.object({
  /** Slots that fitted and could be given, this one included. */
  fitted: count,
  /** Slots that were as good as this one, it included; chance took one of the first 64. */
  alike: count,
  /**
   * `named`: the request named it; `freed`: it became free while the request waited, and nothing else
   * was. Missing: it was picked among those that fitted.
   */
  how: z.string().exactOptional(),
  /** How long the request had waited for it, in ms. */
  waitedMs: z.number().exactOptional(),
  /** By what it came before the next best: `failed-starts`, `priority`, `process`. Missing: there was none. */
  by: z.string().exactOptional(),
  /** Lower is taken first; missing: 0. */
  priority: z.number().exactOptional(),
  /** Its process: `ready`: it runs what is asked for; `none`; `other`: it has to make way. */
  process: z.string(),
  /** Slots that fitted and could not be given, by what stood in the way; `failing` ones come last. */
  passedOver: z.record(z.string(), count).exactOptional(),
  /** The counts are lower bounds: there were too many different offers to count all. */
  atLeast: z.literal(true).exactOptional(),
});
export type Grounds = Immutable<z.output<typeof grounds>>;
