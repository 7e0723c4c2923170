import type { Clock } from '#kernel';
import type { FastifyInstance } from 'fastify';
import { sendsFile } from './file-body.js';
import { answerRawFailure } from './raw-failures.js';

/** Time for a request to arrive (ms); for a file, between two looks at whether it goes on. */
const ARRIVAL_MS = 30_000;

/**
 * Closes connections whose request does not arrive in time. Node's own limit for a whole request is
 * off, since a file may take any time as long as it goes on.
 */
export function limitArrival(server: FastifyInstance, clock: Clock): void {
  server.server.requestTimeout = 0;
  server.server.headersTimeout = ARRIVAL_MS;
  server.addHook('onRequest', (request, reply, next) => {
    const { raw, headers, id } = request;
    const hasBody = 'content-length' in headers || 'transfer-encoding' in headers;
    if (!hasBody) return next();
    const isFile = sendsFile(request);
    const { socket } = raw;
    let seen = socket.bytesRead;
    const cancel = clock.every(ARRIVAL_MS, () => {
      const goesOn = isFile && socket.bytesRead > seen;
      seen = socket.bytesRead;
      if (raw.complete || goesOn) return;
      cancel();
      const late = Object.assign(new Error('too slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
      answerRawFailure(late, socket, id);
    });
    reply.raw.once('close', cancel);
    next();
  });
}
