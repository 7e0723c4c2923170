import type { Immutable } from '#kernel';
import { z } from 'zod';
import { FINDING_KINDS } from './finding.js';
import { keptHead } from './slot-heads.js';

const sequence = z.int().nonnegative();

const finding = z.object({
  sequence: sequence.describe(
    "of the event that is wrong, or missing: its place in the region's log",
  ),
  slot: z.string().nullable().describe('`region.agent.slot`; null where it is not known'),
  event: z.string().nullable().describe('its type; null where it cannot be told'),
  kind: z.enum(FINDING_KINDS),
  says: z.string().describe('what is wrong with it'),
});

/** What a verification has come to. */
export const verificationReport = z.object({
  events: z.int().describe('read, those of earlier runs included'),
  slots: z.int(),
  first: sequence.describe('of the first event read'),
  last: sequence.describe('of the last event read'),
  lastAt: z.number().describe('when that was recorded (epoch ms)'),
  beginningsGone: z
    .int()
    .describe('slots whose first events are no longer kept: taken as they stand'),
  missing: z.int().describe('sequences that no event has, by right or not'),
  withoutChecksum: z.int().describe('events of versions that wrote no checksum'),
  unchained: z
    .int()
    .describe(
      'events without the number of the event that they follow, which an archive does not keep',
    ),
  wrong: z.int().describe('how many events are wrong or missing; 0: the log is sound'),
  findings: z.array(finding).describe('the first of them, in the order of the log'),
});
export type VerificationReport = Immutable<z.output<typeof verificationReport>>;

const claim = z.object({
  slot: z.string(),
  sequence,
  attempt: z.int(),
  outcome: z.enum(['open', 'over', 'failed', 'withdrawn']),
  at: z.number(),
});

const place = z.object({ sequence, subject: z.string() });

/** A verification that goes on later. */
export const keptVerification = z.object({
  counts: z.object({
    events: z.int(),
    first: sequence,
    beginningsGone: z.int(),
    unchained: z.int(),
  }),
  last: z.object({ sequence, at: z.number() }),
  heads: z.array(keptHead),
  claims: z.array(z.tuple([z.string(), claim])),
  checksums: z.object({
    versions: z.array(z.int()),
    suspects: z.array(z.tuple([z.int(), place])),
    sealing: z.array(z.string()),
    without: z.int(),
  }),
  gaps: z.object({
    unlawful: z.array(z.object({ from: sequence, to: sequence })),
    missing: z.int(),
  }),
  findings: z.array(finding),
  unlisted: z.int(),
});
export type KeptVerification = Immutable<z.output<typeof keptVerification>>;
