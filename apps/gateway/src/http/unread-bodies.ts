import type { Clock } from '#kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is left of a refused body is skipped up to this length, so that the connection can stay. */
const SKIPPED_BYTES_MAX = 64 * 1024;

/** How long a client that still sends may take to read the answer (ms). */
const LINGER_MS = 1_000;

/**
 * Closes the connection after the answer if the rest of the request's body would have to be read
 * first, or is still to come.
 */
export function leaveUnread({ raw }: FastifyRequest, reply: FastifyReply, clock: Clock): void {
  const { 'content-length': declared, 'transfer-encoding': encoding, expect } = raw.headers;
  const isSmall = encoding === undefined && Number(declared ?? 0) <= SKIPPED_BYTES_MAX;
  if (raw.complete || (isSmall && expect === undefined)) return;
  void reply.header('connection', 'close');
  // Node would destroy the socket now, which resets the connection of a client that still sends
  // before it has read the answer.
  const { socket } = raw;
  socket.destroySoon = () => {
    socket.end();
    // In the meantime Node goes on reading, to discard what it reads.
    setImmediate(() => socket.pause());
    clock.after(LINGER_MS, () => socket.destroy());
  };
}

/** Tells a client that asks before it sends its body (RFC 9110, section 10.1.1) only once it is let in. */
export function continueOnceLetIn(server: FastifyInstance): void {
  const waiting = new WeakSet<IncomingMessage>();
  server.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.add(request);
    server.server.emit('request', request, response);
  });
  server.addHook('preParsing', ({ raw }, reply, _payload, next) => {
    if (waiting.delete(raw)) reply.raw.writeContinue();
    next();
  });
}
