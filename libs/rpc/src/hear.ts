import {
  TransientError,
  Unparsable,
  errorMessage,
  type Bus,
  type BusMessage,
  type Subscription,
} from '#kernel';
import type { Told, Tokens } from '#wire';
import type { z } from 'zod';
import { received, type InRegion } from './received.js';
import type { EndpointLogger } from './serve.js';

/** Handles one message. If it throws, the error is logged and the message set aside. */
export type Listener<Template extends string, Message extends z.ZodType> = (
  message: InRegion<z.output<Message>>,
  tokens: Tokens<Template>,
) => void | Promise<void>;

/**
 * Listens to the messages of an endpoint. If one cannot be read, or its listener fails, the error
 * is logged and the message set aside.
 *
 * @param at the tokens of the subject to listen to; tokens left out match anything
 */
export function hear<Template extends string, Message extends z.ZodType>(
  bus: Bus,
  endpoint: Told<Template, Message>,
  at: Partial<Tokens<Template>>,
  listener: Listener<Template, Message>,
  { logger }: { readonly logger: EndpointLogger },
): Subscription {
  const { subject: template, message: schema, queue } = endpoint;
  const take = async (message: BusMessage) => {
    try {
      const { message: told, tokens } = received(template, schema, message);
      await listener(told, tokens);
    } catch (error) {
      const isOrdinary = error instanceof Unparsable || error instanceof TransientError;
      const { subject } = message;
      const fields = { subject, reason: errorMessage(error) };
      if (isOrdinary) logger.warn(fields, `a ${template.kind} was set aside`);
      else logger.error({ ...fields, error }, `a ${template.kind} failed`);
    }
  };
  const receive = (message: BusMessage) => void take(message);
  return bus.subscribe(template.filter(at), receive, queue === undefined ? {} : { queue });
}
