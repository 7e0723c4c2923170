import type { Bus } from '#kernel';
import { spanned } from '#tracing';
import {
  DATAVERSION,
  decodeJson,
  encodeJson,
  receivedRefusal,
  type Asked,
  type Told,
  type Tokens,
} from '#wire';
import type { z } from 'zod';
import { idsOf, outcomeOf } from './ids.js';

/** What is sent, as read-only at every depth. */
type Sent<T> = T extends readonly (infer Item)[]
  ? readonly Sent<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Sent<T[Key]> }
    : T;

/** The server keeps to its own deadline; this much is added for the way there and back (ms). */
const TRAVEL_MS = 500;

/**
 * Asks one question once.
 *
 * @param at the tokens of the endpoint's subject: who is asked
 * @param answerMs how long the server may take; the wait is 500 ms longer
 * @throws {DeadlinePassed} no answer came.
 * @throws {NobodyListens} nobody serves the subject.
 * @throws {Unparsable} this version does not know the format of the answer.
 */
export async function ask<
  Template extends string,
  Request extends z.ZodType,
  Answer extends z.ZodType,
>(
  bus: Bus,
  endpoint: Asked<Template, Request, Answer>,
  at: Tokens<Template>,
  request: Sent<z.input<Request>>,
  answerMs = endpoint.answerMs(request as z.input<Request>),
): Promise<z.output<Answer>> {
  const subject = endpoint.subject.of(at);
  const about = { kind: 'client', ids: () => idsOf(at, request), outcome: outcomeOf } as const;
  return spanned(`ask ${endpoint.subject.kind}`, about, async () => {
    const sent = encodeJson(request);
    const body = await bus.request(subject, sent, answerMs + TRAVEL_MS, DATAVERSION);
    return receivedRefusal(decodeJson(endpoint.answer, body) as z.output<Answer>);
  });
}

/** Sends a message that nobody answers; like any message on the bus it may be lost. */
export function tell<Template extends string, Message extends z.ZodType>(
  bus: Bus,
  { subject }: Told<Template, Message>,
  at: Tokens<Template>,
  message: Sent<z.input<Message>>,
): void {
  bus.publish(subject.of(at), encodeJson(message));
}
