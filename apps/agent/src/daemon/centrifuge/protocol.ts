import { z } from 'zod';
import type { SessionEvent } from '../session-events.js';

/*
 * Version 1 of Centrifuge's protocol, in JSON: the version that Multiplay's SDKs speak. Current
 * Centrifuge libraries speak version 2, which is different.
 */

/** Numbers of the methods; a client leaves out the method if it is 0. */
export const METHOD = { connect: 0, subscribe: 1, unsubscribe: 2, ping: 7 } as const;

const command = z.object({
  /** The reply repeats it. Without an id, a client could not tell a reply from a push. */
  id: z.int().positive(),
  method: z.int().nonnegative().default(METHOD.connect),
  params: z.unknown().optional(),
});
export type Command = z.output<typeof command>;

const channelled = z.object({ channel: z.string().max(255) });

/** Errors that a reply may carry, with Centrifuge's numbers. */
export const ERROR = {
  unauthorized: { code: 101, message: 'say CONNECT first' },
  unknownChannel: { code: 102, message: 'no such server here; its channel is server#<serverId>' },
  methodNotFound: {
    code: 104,
    message: 'only CONNECT, SUBSCRIBE, UNSUBSCRIBE and PING are supported',
  },
  limitExceeded: { code: 106, message: 'too many subscriptions on this connection' },
  badRequest: { code: 107, message: 'params must name a channel' },
} as const;
export type ProtocolError = (typeof ERROR)[keyof typeof ERROR];

/** Why a connection is closed, with Centrifuge's numbers and reasons. */
export const CLOSE = {
  shutdown: { code: 3001, reason: 'shutdown', reconnect: true },
  badRequest: { code: 3003, reason: 'bad request', reconnect: false },
  stale: { code: 3007, reason: 'stale', reconnect: true },
} as const;
export type CloseReason = (typeof CLOSE)[keyof typeof CLOSE];

/** The commands of one frame, one per line; null if the frame holds anything else. */
export function readFrame(text: string): readonly Command[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    return lines.map((line) => command.parse(JSON.parse(line)));
  } catch {
    return null;
  }
}

/** The id in `server#<id>`, empty for any other channel; null if the params name no channel. */
export function serverIdIn(params: unknown): string | null {
  const named = channelled.safeParse(params);
  if (!named.success) return null;
  return /^server#(.+)$/.exec(named.data.channel)?.[1] ?? '';
}

function channelOf(serverId: string): string {
  return `server#${serverId}`;
}

export function reply(id: number, result: object): string {
  return JSON.stringify({ id, result });
}

export function errorReply(id: number, error: ProtocolError): string {
  return JSON.stringify({ id, error });
}

const EVENT_TYPES = { allocate: 'AllocateEventType', deallocate: 'DeallocateEventType' } as const;

/** A publication: a result without id and type, around the bare event. */
export function push({ type, id, serverId, session }: SessionEvent): string {
  const event = {
    EventType: EVENT_TYPES[type],
    EventID: id,
    ServerID: Number(serverId),
    AllocationID: session.allocationId,
  };
  return JSON.stringify({ result: { channel: channelOf(serverId), data: { data: event } } });
}
