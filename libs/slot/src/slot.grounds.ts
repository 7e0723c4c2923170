import type { Immutable } from '#kernel';
import { z } from 'zod';

/*
 * What a claim records of its request and of the choice of its slot, for people who ask later. It
 * is part of the storage format, but only of events: no decision depends on it. Later versions may
 * add words to its strings. A missing field was not asked for, or is zero.
 */

const words = z.record(z.string(), z.string());
const count = z.int().nonnegative();

/** What a request required of its slot, unless another field of the claim says it. */
export const asked = z.object({
  fleet: z.string().exactOptional(),
  /** Any one of these fleets. A long list is cut: see `leftOut`. */
  fleets: z.array(z.string()).exactOptional(),
  buildConfiguration: z.string().exactOptional(),
  /** `region.agent.slot`. */
  slot: z.string().exactOptional(),
  /** The first attributes, up to `ASKED_LENGTH_MAX` characters together. */
  attributes: words.exactOptional(),
  /** Number of further fleets and attributes that the request named. */
  leftOut: count.exactOptional(),
});
export type Asked = Immutable<z.output<typeof asked>>;

/** The most characters of a request's fleets, and of its attributes, that a claim records. */
export const ASKED_LENGTH_MAX = 1_024;

/** Why a request got this slot and not another, as its allocator saw it. */
export const grounds = z.object({
  /** Number of slots that fitted and could be given, including this one. */
  fitted: count,
  /**
   * Number of slots that were as good as this one, including it; one of the first 64 was chosen at
   * random.
   */
  alike: count,
  /**
   * `named`: the request named the slot; `freed`: it became free while the request waited, and was
   * compared with no other. Missing: it was picked among the slots that fitted.
   */
  how: z.string().exactOptional(),
  /** How long the request had waited for it, in ms. */
  waitedMs: z.number().exactOptional(),
  /**
   * The criterion by which it was better than the next best slot: `failed-starts`, `priority` or
   * `process`. Missing: there was no other.
   */
  by: z.string().exactOptional(),
  /** The slot's priority: lower is chosen first; missing: 0. */
  priority: z.number().exactOptional(),
  /**
   * The slot's process: `ready`: it runs what was asked for; `none`: there is none; `other`: it
   * must be replaced.
   */
  process: z.string(),
  /**
   * Number of slots that fitted but could not be given, by obstacle; `failing` slots could be
   * given, but come last.
   */
  passedOver: z.record(z.string(), count).exactOptional(),
  /** Number of those that it was about to claim for other requests; they are among `taken`. */
  held: count.exactOptional(),
  /** Sequence of the last event that its allocator had read by then. */
  readTo: count.exactOptional(),
  /**
   * Sequence of the last event of its own that was acknowledged by then, if it had not read that yet.
   * Of later events it knew those that were in the way of its own appends, and no other.
   */
  ownTo: count.exactOptional(),
  /** The counts are lower bounds: there were too many different offers to count all. */
  atLeast: z.literal(true).exactOptional(),
});
export type Grounds = Immutable<z.output<typeof grounds>>;
