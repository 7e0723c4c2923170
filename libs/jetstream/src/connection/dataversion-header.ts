import { headers, type MsgHdrs } from '@nats-io/transport-node';

const NAME = 'Berth-Dataversion';

/** The headers of a message of this format. */
export function withDataversion(dataversion: number): MsgHdrs {
  const made = headers();
  made.set(NAME, String(dataversion));
  return made;
}

/** The format that a message says it has; undefined if it says none, or no whole number. */
export function dataversionIn(message: {
  readonly headers?: MsgHdrs | undefined;
}): number | undefined {
  const text = message.headers?.get(NAME) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
