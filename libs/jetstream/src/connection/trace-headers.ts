import type { Carried } from '#kernel';
import { carriedContext } from '#tracing';
import { headers, type MsgHdrs } from '@nats-io/transport-node';

/** Adds the active trace to a message's headers; undefined in, undefined out, if there is none. */
export function withTrace<Headers extends MsgHdrs | undefined>(given: Headers): Headers | MsgHdrs {
  const carried = carriedContext();
  if (carried === undefined) return given;
  const made = given ?? headers();
  for (const [name, value] of Object.entries(carried)) made.set(name, value as string);
  return made;
}

/** The trace that a message was sent in. */
export function traceIn(message: { readonly headers?: MsgHdrs | undefined }): Carried | undefined {
  const given = message.headers;
  const traceparent = given?.get('traceparent');
  if (!traceparent) return undefined;
  const tracestate = given?.get('tracestate');
  return tracestate ? { traceparent, tracestate } : { traceparent };
}
