import { z } from 'zod';
import { refused } from './refusal.schema.js';

/** How often an allocator or a gateway says that it runs (ms). */
export const ALIVE_MS = 2_000;

/** Greatest number of waiting requests that an allocator lists. */
export const WAITING_LISTED_MAX = 500;

/** Says that an allocator or a gateway runs, and how it is. */
export const alive = z.object({
  version: z.string(),
  startedAt: z.number().describe('epoch ms'),
  notReadyBecause: z.string().nullable().describe('why it serves no requests now; null if it does'),
  waiting: z.int().nullable().describe('requests that wait at it for a slot; null of a gateway'),
  server: z
    .object({ name: z.string(), version: z.string() })
    .nullable()
    .describe('the nats-server it is connected to; null while there is none'),
  denied: z
    .string()
    .nullable()
    .default(null)
    .describe('what the permissions of NATS denied to it last, in the last ten minutes'),
  clockAheadMs: z
    .number()
    .nullable()
    .default(null)
    .describe("by how much its machine's clock is ahead of the log's; null of a gateway"),
  loginLeftMs: z
    .number()
    .nullable()
    .default(null)
    .describe('for how long its login to NATS is good; null: for ever, or it is not known'),
});
export type Alive = z.output<typeof alive>;

/** Asks one allocator which requests wait at it. */
export const waitingRequest = z.strictObject({});

const waitingOne = z.object({
  allocationId: z.string(),
  fleet: z.string().nullable().describe('null if any fleet serves it'),
  since: z.number().describe('epoch ms'),
  until: z.number().describe('when it stops waiting; epoch ms'),
});

export const waitingAnswer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('waiting'),
    requests: z.array(waitingOne).describe(`the first ${WAITING_LISTED_MAX}`),
  }),
  refused,
]);

/** Asks for the streams of a region. */
export const streamsRequest = z.strictObject({});

export const streamView = z.object({
  name: z.string(),
  messages: z.int(),
  bytes: z.int(),
  lastSequence: z.int(),
  lastAt: z.number().nullable().describe('when its last message was stored; epoch ms'),
  leader: z.string().nullable().describe('name of a nats-server; null while none is elected'),
  replicas: z.array(
    z.object({
      server: z.string(),
      isCurrent: z.boolean(),
      lag: z.int().describe('operations that it is behind the leader'),
    }),
  ),
});
export type StreamView = z.output<typeof streamView>;

export const serverStorage = z.object({
  monitor: z.string().describe('where it is monitored, as in NATS_MONITOR_URLS'),
  storage: z
    .object({
      isSynced: z.boolean().describe('whether a message is on the disk before it is acknowledged'),
      storedBytes: z.int(),
      reservedBytes: z.int().describe('promised to streams with a limit, whether used or not'),
      limitBytes: z.int().describe('what JetStream may use of the disk'),
    })
    .nullable()
    .describe('null if it does not say'),
});
export type ServerStorage = z.output<typeof serverStorage>;

export const streamsAnswer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('streams'),
    streams: z.array(streamView),
    missing: z.array(z.string()).default([]).describe('streams that the region needs and lacks'),
    servers: z
      .array(serverStorage)
      .nullable()
      .default(null)
      .describe('null if the allocator does not know where nats-servers are monitored'),
  }),
  refused,
]);
