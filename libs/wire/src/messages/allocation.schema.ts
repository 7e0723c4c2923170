import { JsonText, jsonText } from '#json';
import { token } from '#kernel';
import { UNNAMED, fullId, plainId, projectName, projectOf } from '#slot';
import { z } from 'zod';
import { refused } from './refusal.schema.js';

/** Printable and without spaces, because it is also a message header and part of URLs. */
export const allocationId = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces')
  .describe('stands for one session for ever; printable ASCII without spaces');

/**
 * The id as the bus and the log carry it: with its project before it, if that is not the default
 * one. See `fullId`.
 */
export const fullAllocationId = z
  .string()
  .regex(
    /^([a-z0-9][a-z0-9-]{0,31} )?[\x21-\x7e]{1,128}$/,
    'must be 1 to 128 printable ASCII characters without spaces, after a project and a space, if any',
  )
  // Otherwise one id would have two full ones, or be the key of something else in a store.
  .refine(
    (id) => isProjects(id),
    'the word before a space must be a project, and not the default one',
  )
  .describe('stands for one session for ever; `<project> <id>` outside the default project');

function isProjects(full: string): boolean {
  const project = projectOf(full);
  return projectName.safeParse(project).success && fullId(project, plainId(full)) === full;
}

const attributes = z
  .record(z.string().min(1).max(256), z.string().max(1024))
  .refine((words) => Object.keys(words).length <= 64, 'at most 64 attributes');

/**
 * How long a requester waits for the verdict (ms): longer than the election of a new stream leader
 * takes.
 */
export const REQUEST_TIMEOUT_MS = { default: 15_000, max: 60_000 } as const;

/**
 * Greatest size of a payload, in every API. The log stores the payload twice in one message, in the
 * event and in the state, and nats-server accepts messages up to 1 MiB.
 */
export const PAYLOAD_BYTES_MAX = 256 * 1024;
const TOO_LARGE = `may have ${PAYLOAD_BYTES_MAX} bytes at most; refer to large data instead`;

/** How long a request may wait for a slot to become free (ms). */
const WAIT_MS_MAX = 600_000;

/** A request for one server; `region` is in the subject over NATS, in the body over HTTP. */
export const allocationRequest = z
  .strictObject({
    allocationId: allocationId
      .optional()
      .describe('repeated requests with the same id get the same server; generated if missing'),
    region: token,
    fleet: z.string().min(1).max(128).optional(),
    fleets: z
      .array(z.string().min(1).max(128))
      .min(1)
      .max(64)
      .optional()
      .describe('one of these; any if missing'),
    buildConfiguration: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe("one of the region's, or one from an agent's settings; if missing, the slot's own"),
    restart: z
      .boolean()
      .default(false)
      .describe('whether a process that runs already is replaced by a new one'),
    slot: z.string().min(1).max(256).optional().describe('only this slot, `region.agent.slot`'),
    attributes: attributes
      .default({})
      .describe('the slot must have all of them, with the same values'),
    by: z.string().max(256).optional().describe('who asks; recorded'),
    payload: jsonText
      .refine(({ bytes }) => bytes <= PAYLOAD_BYTES_MAX, TOO_LARGE)
      .default(JsonText.null)
      .describe(
        `sent to the game server with its callback, unchanged; ${PAYLOAD_BYTES_MAX} bytes at most`,
      ),
    idleTtlMs: z
      .int()
      .min(1_000)
      .max(7 * 86_400_000)
      .optional()
      .describe(
        "how long the session may be without players, in ms; the fleet's own limit if missing",
      ),
    waitMs: z
      .int()
      .min(0)
      .max(WAIT_MS_MAX)
      .default(0)
      .describe(
        'how long the request may wait if no slot that fits is free, in ms: first come, first ' +
          'served; the answer comes within the sum of waitMs and timeoutMs',
      ),
    timeoutMs: z
      .int()
      .min(1)
      .max(REQUEST_TIMEOUT_MS.max)
      .default(REQUEST_TIMEOUT_MS.default)
      .describe(
        'how long the requester waits for the answer, not counting the wait for a slot, in ms',
      ),
  })
  .meta({
    id: 'AllocationRequest',
    examples: [
      {
        allocationId: 'match-1',
        region: 'local',
        attributes: { mode: 'ctf' },
        payload: { map: 'docks', players: ['ann', 'ben'] },
        waitMs: 10_000,
      },
    ],
  });
export type AllocationRequest = z.output<typeof allocationRequest>;

/** The same on the bus, where the id may be that of any project. */
export const fullAllocationRequest = allocationRequest.extend({
  allocationId: fullAllocationId.optional(),
});

export const allocated = z.object({
  status: z.literal('allocated'),
  allocationId: z.string(),
  slot: z.string().describe("the slot's name, `region.agent.slot`"),
  region: z.string(),
  fleet: z.string(),
  buildConfiguration: z.string(),
  address: z.string().describe('`host:port` for players'),
  ip: z.string(),
  ports: z
    .record(z.string(), z.number())
    .describe('by name; of a range, the first under its name and the last as `<name>_last`'),
  addresses: z
    .record(z.string(), z.string())
    .optional()
    .describe(
      'further hosts by name, like `ipv6` or `internal`, with the same ports; none if missing',
    ),
  token: z.string().describe('a secret shared with the game server; may be used to admit players'),
  payload: jsonText.describe("the game server's answer to its callback"),
  payloadKey: z
    .int()
    .positive()
    .exactOptional()
    .describe('only in stored results: the key that the payload is encrypted with, if it is'),
  tokenEncrypted: z
    .literal(true)
    .exactOptional()
    .describe('only in stored results: the token is encrypted with the same key'),
  allocatedAt: z.number().describe('epoch ms'),
});
export type Allocated = z.output<typeof allocated>;

export const allocationAnswer = z.discriminatedUnion('status', [allocated, refused]);
export type AllocationAnswer = z.output<typeof allocationAnswer>;

/** The requester does not want this allocation any more. Heard by every allocator. */
export const cancelRequest = z.strictObject({ allocationId: fullAllocationId });

export const deallocationRequest = z.strictObject({
  allocationId: fullAllocationId,
  region: token,
  reason: z.string().max(1024).default('asked for'),
  /** Who asks; recorded. */
  by: z.string().max(256).default(UNNAMED),
});
export type DeallocationRequest = z.output<typeof deallocationRequest>;

/** A game asks for its own slot, or for the end of its session; the subject names the slot. */
export const reserveRequest = fullAllocationRequest
  .pick({ allocationId: true, timeoutMs: true })
  .required({
    allocationId: true,
  });
export type ReserveRequest = z.output<typeof reserveRequest>;

export const doneRequest = deallocationRequest.pick({ allocationId: true, reason: true });
export type DoneRequest = z.output<typeof doneRequest>;

/** A requester of one project, which its subject names: it uses its own ids. */
export const projectRequest = allocationRequest
  .partial({ region: true })
  .required({ allocationId: true });
export const projectDeallocation = deallocationRequest
  .partial({ region: true })
  .extend({ allocationId });
export const projectCancel = z.strictObject({ allocationId });

export const deallocated = z.object({
  status: z.literal('deallocated'),
  allocationId: z.string(),
  slot: z.string(),
});
export const deallocationAnswer = z.discriminatedUnion('status', [deallocated, refused]);
export type DeallocationAnswer = z.output<typeof deallocationAnswer>;
