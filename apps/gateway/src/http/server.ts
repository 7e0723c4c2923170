import { printJson } from '#json';
import type { Random } from '#kernel';
import type { Logger } from '#service-runtime';
import { PAYLOAD_BYTES_MAX } from '#wire';
import { HttpException } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { ConnectionError, FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { refuseHeads } from './heads.js';
import { leaveFileBodies } from './file-body.js';
import { readJsonBodies } from './json-body.js';
import { answerRawFailure, refuseExpectations } from './raw-failures.js';
import { continueOnceLetIn } from './unread-bodies.js';

/** Room for the largest payload and everything else in a request (bytes). */
export const BODY_BYTES_MAX = PAYLOAD_BYTES_MAX + 64 * 1024;

/** Room for the longest allocation id with every character percent-encoded. */
const PATH_PART_LENGTH_MAX = 512;

/** A request id that a requester may choose; it is logged and sent back. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/**
 * The HTTP server under the gateway: JSON but for files, bounded, with an id for each request in
 * the log.
 *
 * @param fail answers what the router refuses before Nest sees it: a path that cannot be decoded,
 * or is too long
 * @param anyType whether bodies sent to a path count as JSON whatever their media type
 * @param certificate makes it HTTPS
 * @param isProxy whether the requester is whom the header `X-Forwarded-For` of this address names
 */
export function createServer(
  random: Random,
  logger: Logger,
  fail: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void,
  anyType: (path: string) => boolean,
  certificate: SecureContextOptions | undefined,
  isProxy: (address: string) => boolean,
): FastifyAdapter {
  const adapter = new FastifyAdapter({
    frameworkErrors: ({ message, statusCode }: FastifyError, request: unknown, reply: unknown) =>
      fail(
        new HttpException(message, statusCode ?? 400),
        request as FastifyRequest,
        reply as FastifyReply,
      ),
    // We answer a missing Host header ourselves, with a body.
    ...({
      [certificate ? 'https' : 'http']: { ...certificate, requireHostHeader: false },
    } as object),
    clientErrorHandler: (error: ConnectionError, socket: Socket) =>
      answerRawFailure(error, socket, random.id()),
    trustProxy: isProxy,
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PATH_PART_LENGTH_MAX, ignoreTrailingSlash: true },
    genReqId: ({ headers }: IncomingMessage) => {
      const wished = headers['x-request-id'];
      return typeof wished === 'string' && REQUEST_ID.test(wished) ? wished : random.id();
    },
  });
  const server = adapter.getInstance();
  readJsonBodies(server, anyType);
  leaveFileBodies(server);
  server.setReplySerializer((body) => printJson(body));
  continueOnceLetIn(server);
  refuseExpectations(server, () => random.id());
  server.addHook('onRequest', (request, reply, next) => {
    void reply.header('x-request-id', request.id);
    // Event streams write to the raw response, which has its own headers.
    reply.raw.setHeader('x-request-id', request.id);
    void reply.header('x-content-type-options', 'nosniff');
    reply.raw.setHeader('x-content-type-options', 'nosniff');
    next();
  });
  refuseHeads(server, fail);
  server.addHook('onResponse', ({ id: requestId, method, url }, reply, next) => {
    const { statusCode: status, elapsedTime: ms } = reply;
    // Where an allocation was made, this has its id.
    const location = reply.getHeader('location');
    logger.debug({ requestId, method, url, status, ms, location }, 'answered');
    next();
  });
  return adapter;
}
