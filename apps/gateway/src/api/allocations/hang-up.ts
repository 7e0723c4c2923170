import type { FastifyReply } from 'fastify';

/** Aborts when the requester closes the connection before it has been answered. */
export function hangUpOf({ raw }: Pick<FastifyReply, 'raw'>): AbortSignal {
  const abort = new AbortController();
  const closed = () => {
    if (!raw.writableEnded) abort.abort();
  };
  if (raw.destroyed) closed();
  else raw.once('close', closed);
  return abort.signal;
}
