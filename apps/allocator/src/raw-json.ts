import { encodeJson } from '#wire';
import type { Deserializer, Serializer } from '@nestjs/microservices';

/** What Nest's NATS server hands to a serializer as the answer to a request. */
interface Outgoing {
  readonly response?: unknown;
  readonly err?: unknown;
}

/** The part of a NATS message that is read here. */
interface Incoming {
  readonly data: Uint8Array;
}

/**
 * Nest's transport without Nest's envelope: bodies are what the schemas say, so that a requester
 * in any language needs a NATS client and nothing else. Parsing is left to the controller.
 */
export const rawDeserializer: Deserializer = {
  deserialize: ({ data }: Incoming, { channel, replyTo }: { channel: string; replyTo?: string }) =>
    replyTo ? { pattern: channel, data, id: replyTo } : { pattern: channel, data },
};

export const jsonSerializer: Serializer = {
  serialize: ({ response, err }: Outgoing) => ({ data: encodeJson(response ?? err) }),
};
