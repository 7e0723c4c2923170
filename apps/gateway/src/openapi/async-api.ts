import { messagesOn, type MessageSchemas, type SubjectUse } from '#wire';
import type { z } from 'zod';
import { Components, type JsonSchema } from './schemas.js';

/** The document, as far as its readers here look into it (AsyncAPI 3.0.0). */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

interface Channel {
  /** Null where it is an inbox that the asker names. */
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

const INTRODUCTION = `What is said on NATS. Bodies are JSON without an envelope; questions are core
NATS requests, and answered on their inbox. A refusal has \`status: refused\` and a stable \`code\`, and
the headers \`Nats-Service-Error\` and \`Nats-Service-Error-Code\`. What is sent and received is told
from Berth's side.`;

/** The document of all subjects of ours; those of NATS itself are left out. */
export function asyncApiDocument(
  subjects: readonly SubjectUse[],
  version: string,
): AsyncApiDocument {
  const components = new Components();
  const channels: Record<string, Channel> = {};
  const operations: Record<string, Operation> = {};
  for (const use of subjects) {
    const schemas = messagesOn(use.pattern);
    if (schemas === undefined) continue;
    const name = nameOf(use.pattern);
    channels[name] = channelOf(use, schemas, components);
    const answer = schemas.answer && replyOf(name, schemas.answer, channels, components);
    operations[name] = {
      action: /^(allocators|the stream)/.test(use.publishedBy) ? 'send' : 'receive',
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

/** `live.slot.<region>` becomes `live_slot_region`, which may be a name in a document. */
function nameOf(pattern: string): string {
  return pattern.replaceAll(/[<>]/g, '').replaceAll('.', '_');
}

function channelOf(
  { pattern, carries, publishedBy, subscribedBy }: SubjectUse,
  { says, mediaType }: MessageSchemas,
  components: Components,
): Channel {
  const places = [...pattern.matchAll(/<([^>]+)>/g)].map(([, place = '']) => [place, {}] as const);
  return {
    address: pattern.replaceAll('<', '{').replaceAll('>', '}'),
    ...{
      description: `${carries}. Said by ${publishedBy}; heard by ${subscribedBy}.`,
      ...(places.length > 0 && { parameters: Object.fromEntries(places) }),
    },
    messages: {
      message: { ...(mediaType && { contentType: mediaType }), payload: components.body(says) },
    },
  };
}

function replyOf(
  name: string,
  answer: z.ZodType,
  channels: Record<string, Channel>,
  components: Components,
) {
  const inbox = `${name}_answer`;
  channels[inbox] = {
    address: null,
    messages: { answer: { payload: components.output(answer) } },
  };
  return {
    address: { location: '$message.header#/reply', ...{ description: "the asker's inbox" } },
    channel: { $ref: `#/channels/${inbox}` },
    messages: [{ $ref: `#/channels/${inbox}/messages/answer` }],
  };
}
