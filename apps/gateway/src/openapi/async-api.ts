import type { Role, SubjectUse } from '#wire';
import type { z } from 'zod';
import { Components, type JsonSchema } from './schemas.js';

/** The parts of the document that this code reads (AsyncAPI 3.0.0). */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

interface Channel {
  /** Null for an inbox, whose name the asker chooses. */
  readonly address: string | null;
  readonly messages: Readonly<Record<string, unknown>>;
}

interface Reference {
  readonly $ref: string;
}

interface Operation {
  readonly action: 'send' | 'receive';
  readonly channel: Reference;
  readonly messages: readonly Reference[];
  readonly reply?: { readonly channel: Reference; readonly messages: readonly Reference[] };
}

const INTRODUCTION = `Berth's messages on NATS. Bodies are JSON without an envelope; requests are core
NATS requests, answered on their inbox. A refusal has \`status: refused\` and a stable \`code\`, and
the headers \`Nats-Service-Error\` and \`Nats-Service-Error-Code\`. Sending and receiving are
described from Berth's side.`;

/** The roles that receive messages for Berth. */
const SERVICES: readonly Role[] = ['allocator', 'registrar', 'agent', 'auditor'];

/** The document of all our subjects; NATS's own subjects are left out. */
export function asyncApiDocument(
  subjects: readonly SubjectUse[],
  version: string,
): AsyncApiDocument {
  const components = new Components();
  const channels: Record<string, Channel> = {};
  const operations: Record<string, Operation> = {};
  for (const use of subjects) {
    if (use.message === undefined) continue;
    const name = nameOf(use.pattern);
    channels[name] = channelOf(use, use.message, components);
    const answer = replyOf(name, use, channels, components);
    operations[name] = {
      action: isReceived(use) ? 'receive' : 'send',
      channel: { $ref: `#/channels/${name}` },
      messages: [{ $ref: `#/channels/${name}/messages/message` }],
      ...(answer && { reply: answer }),
    };
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Berth on NATS', version, ...{ description: INTRODUCTION } },
    ...{ defaultContentType: 'application/json' },
    channels,
    operations,
    components: { schemas: components.schemas },
  };
}

/** Turns `live.slot.<region>` into `live_slot_region`, a valid name in the document. */
function nameOf(pattern: string): string {
  return pattern.replaceAll(/[<>]/g, '').replaceAll('.', '_');
}

/**
 * Whether one of Berth's services receives the message. What allocators send, or only others hear,
 * is sent.
 */
function isReceived({ publishedBy, heardBy }: SubjectUse): boolean {
  if (publishedBy.includes('allocator') || publishedBy.includes('stream')) return false;
  return heardBy.some((role) => SERVICES.includes(role));
}

function channelOf(
  { pattern, kind, description, publishedBy, heardBy, mediaType, example }: SubjectUse,
  message: z.ZodType,
  components: Components,
): Channel {
  const places = [...pattern.matchAll(/<([^>]+)>/g)].map(([, place = '']) => [place, {}] as const);
  const examples = example === undefined ? {} : { examples: [{ payload: example }] };
  return {
    address: pattern.replaceAll('<', '{').replaceAll('>', '}'),
    ...{
      description: `${description} (${kind}). From: ${publishedBy.join(', ')}; to: ${heardBy.join(', ')}.`,
      ...(places.length > 0 && { parameters: Object.fromEntries(places) }),
    },
    messages: {
      message: {
        ...(mediaType && { contentType: mediaType }),
        payload: components.body(message),
        ...examples,
      },
    },
  };
}

function replyOf(
  name: string,
  { answer, answerExample }: SubjectUse,
  channels: Record<string, Channel>,
  components: Components,
) {
  if (answer === undefined) return undefined;
  const inbox = `${name}_answer`;
  const examples = [{ payload: answerExample }];
  channels[inbox] = {
    address: null,
    messages: { answer: { payload: components.output(answer), examples } },
  };
  return {
    address: { location: '$message.header#/reply', ...{ description: "the requester's inbox" } },
    channel: { $ref: `#/channels/${inbox}` },
    messages: [{ $ref: `#/channels/${inbox}/messages/answer` }],
  };
}
