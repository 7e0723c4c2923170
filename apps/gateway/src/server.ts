import type { Chance } from '#kernel';
import type { Logger } from '#service';
import { HttpException } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';

export const BODY_BYTES_MAX = 256 * 1024;

/** For a whole request to arrive, in ms; who is slower is cut off. */
const REQUEST_ARRIVAL_MS = 30_000;

/** Room for the longest allocation id with every character percent-encoded. */
const PATH_PART_LENGTH_MAX = 512;

/** A request id that a requester may choose: it is logged and sent back. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/**
 * The HTTP server under the gateway: JSON only, bounded, each request with an id in the log.
 *
 * @param fail answers what the router turns away, which never reaches Nest: a path that cannot be
 * decoded, or is too long
 */
export function createServer(
  chance: Chance,
  logger: Logger,
  fail: (error: HttpException, request: FastifyRequest, reply: FastifyReply) => void,
): FastifyAdapter {
  const adapter = new FastifyAdapter({
    frameworkErrors: ({ message, statusCode }: FastifyError, request: unknown, reply: unknown) =>
      fail(
        new HttpException(message, statusCode ?? 400),
        request as FastifyRequest,
        reply as FastifyReply,
      ),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_ARRIVAL_MS,
    routerOptions: { maxParamLength: PATH_PART_LENGTH_MAX, ignoreTrailingSlash: true },
    genReqId: ({ headers }: IncomingMessage) => {
      const wished = headers['x-request-id'];
      return typeof wished === 'string' && REQUEST_ID.test(wished) ? wished : chance.id();
    },
  });
  const server = adapter.getInstance();
  server.removeContentTypeParser('text/plain');
  server.addHook('onRequest', (request, reply, next) => {
    void reply.header('x-request-id', request.id);
    // Event streams write to the raw response, which has headers of its own.
    reply.raw.setHeader('x-request-id', request.id);
    next();
  });
  server.addHook('onResponse', ({ id, method, url }, { statusCode, elapsedTime }, next) => {
    logger.debug({ requestId: id, method, url, status: statusCode, ms: elapsedTime }, 'answered');
    next();
  });
  return adapter;
}
