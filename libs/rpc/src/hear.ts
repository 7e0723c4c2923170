import {
  Condition,
  TransientError,
  Unparsable,
  errorMessage,
  type Bus,
  type BusMessage,
  type SubscribeOptions,
  type Clock,
  type Subscription,
} from '#kernel';
import { continuing, spanned } from '#tracing';
import { DATAVERSION, type Told, type Tokens } from '#wire';
import type { z } from 'zod';
import { idsOf } from './ids.js';
import { received, type InRegion } from './received.js';
import { CALM_MS, type EndpointLogger } from './serve.js';

interface ListenOptions extends Pick<SubscribeOptions, 'refused'> {
  readonly clock: Clock;
  readonly logger: EndpointLogger;
}

/** Handles one message. If it throws, the message is set aside. */
export type Listener<Template extends string, Message extends z.ZodType> = (
  message: InRegion<z.output<Message>>,
  tokens: Tokens<Template>,
) => void | Promise<void>;

/**
 * Listens to the messages of an endpoint. If one cannot be read, or its listener fails, the message
 * is set aside, and the error is logged unless it has just been.
 *
 * @param at the tokens of the subject to listen to; tokens left out match anything
 */
export function hear<Template extends string, Message extends z.ZodType>(
  bus: Bus,
  endpoint: Told<Template, Message>,
  at: Partial<Tokens<Template>>,
  listener: Listener<Template, Message>,
  { clock, logger, refused }: ListenOptions,
): Subscription {
  const { subject: template, message: schema, queue } = endpoint;
  const { kind } = template;
  const ends = `each ${kind} is taken again`;
  const settings = { ends, fields: { endpoint: kind }, calmMs: CALM_MS };
  const unread = new Condition(logger, clock, { ...settings, begins: `a ${kind} was set aside` });
  const failed = { begins: `a ${kind} failed`, level: 'error' } as const;
  const failing = new Condition(logger, clock, { ...settings, ...failed });
  const take = async (message: BusMessage) => {
    try {
      // Nobody gets an answer that says which member is misspelt, so unknown ones are left out.
      const sent = { dataversion: DATAVERSION, ...message };
      const { message: told, tokens } = received(template, schema, sent);
      const heard = () => listener(told, tokens);
      const { carried } = message;
      // Beats and the like begin no trace.
      if (carried === undefined) await heard();
      else {
        const about = { kind: 'consumer', ids: () => idsOf(tokens, told) } as const;
        await continuing(carried, () => spanned(`hear ${kind}`, about, heard));
      }
      unread.pass();
      failing.pass();
    } catch (error) {
      const isOrdinary = error instanceof Unparsable || error instanceof TransientError;
      const { subject } = message;
      if (isOrdinary) unread.fail(errorMessage(error), { subject });
      else failing.fail(errorMessage(error), { subject, error });
    }
  };
  const receive = (message: BusMessage) => void take(message);
  return bus.subscribe(template.filter(at), receive, {
    ...(queue !== undefined && { queue }),
    ...(refused !== undefined && { refused }),
  });
}
