import { Unparsable, type BusMessage } from '#kernel';
import { decodeSent, type SubjectTemplate, type Tokens } from '#wire';
import type { z } from 'zod';

/** A message as its handler gets it, with the region taken from the subject. */
export type InRegion<Message> = Message & { readonly region: string };

export interface Received<Template extends string, Message extends z.ZodType> {
  readonly message: InRegion<z.output<Message>>;
  readonly tokens: Tokens<Template>;
}

/**
 * Throws `Unparsable` if the subject or the body has the wrong form, or they name different
 * regions.
 */
export function received<Template extends string, Message extends z.ZodType>(
  template: SubjectTemplate<Template>,
  schema: Message,
  message: Pick<BusMessage, 'subject' | 'body' | 'dataversion'>,
): Received<Template, Message> {
  const tokens = template.parse(message.subject);
  const { region } = tokens as { readonly region: string };
  const read = decodeSent(schema, message) as z.output<Message> & { readonly region?: string };
  return { message: inRegion(read, region), tokens };
}

/** The body may repeat the region of its subject, but must not name another. */
function inRegion<Message extends { readonly region?: string }>(
  message: Message,
  region: string,
): InRegion<Message> {
  if (message.region === undefined || message.region === region) return { ...message, region };
  throw new Unparsable(`region: the subject says ${region}, the body ${message.region}`);
}
