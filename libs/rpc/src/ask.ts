import type { Bus } from '#kernel';
import { decodeJson, encodeJson, type Asked, type Told, type Tokens } from '#wire';
import type { z } from 'zod';

/** What is sent is only read. */
type Sent<T> = T extends readonly (infer Item)[]
  ? readonly Sent<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Sent<T[Key]> }
    : T;

/** Whoever serves keeps the deadline it is given; this is for the way there and back. */
const TRAVEL_MS = 500;

/**
 * One try of one question.
 *
 * @param at whom it is put to: the tokens of the endpoint's subject
 * @param answerMs how long whoever serves it may take; the wait is a little longer
 * @throws {DeadlinePassed} there was no answer.
 * @throws {NobodyListens} nobody serves the subject.
 * @throws {Unparsable} the answer is none that this version knows.
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
  const body = await bus.request(subject, encodeJson(request), answerMs + TRAVEL_MS);
  return decodeJson(endpoint.answer, body) as z.output<Answer>;
}

/** Says something that nobody answers; like any message on the bus it may be lost. */
export function tell<Template extends string, Message extends z.ZodType>(
  bus: Bus,
  { subject }: Told<Template, Message>,
  at: Tokens<Template>,
  message: Sent<z.input<Message>>,
): void {
  bus.publish(subject.of(at), encodeJson(message));
}
