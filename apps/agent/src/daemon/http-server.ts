import { errorMessage, TransientError } from '#kernel';
import type { Logger } from '#service-runtime';
import { fastify, type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { DaemonLimits } from './limits.js';
import { Problem, problemBody } from './problem.js';

/** How long (ms) a client may take to send one request. */
const REQUEST_MS = 10_000;

/** Longer than any allocation's id. */
const PARAMETER_LENGTH_MAX = 512;

const REQUEST_ID = /^[\x20-\x7e]{1,200}$/;

/**
 * An HTTP server without routes. It accepts any content type, and answers errors as `problemBody`.
 */
export function createHttpServer(limits: DaemonLimits, logger: Logger): FastifyInstance {
  const app = fastify({
    bodyLimit: limits.messageBytesMax,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX, ignoreTrailingSlash: true },
  });
  app.server.maxConnections = limits.connectionsMax;
  readAnyBody(app);
  app.addHook('onRequest', async ({ headers }, reply) => {
    // Clients send all kinds of content types, or none, with the same JSON.
    if (headers['content-type'] !== undefined) headers['content-type'] = 'text/plain';
    const id = headers['x-request-id'];
    if (typeof id === 'string' && REQUEST_ID.test(id)) reply.header('x-request-id', id);
    else delete headers['x-request-id'];
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `there is no ${request.method} ${pathOf(request)} here`;
    return reply.code(404).send(problemBody(404, detail));
  });
  app.setErrorHandler((error: FastifyError | Problem | TransientError, request, reply) => {
    const status = statusOf(error);
    if (status === 500) {
      logger.error({ error: errorMessage(error), path: pathOf(request) }, 'the daemon failed');
    }
    const detail =
      status === 500 ? 'the daemon failed; the log of its agent says why' : error.message;
    return reply.code(status).send(problemBody(status, detail));
  });
  return app;
}

function readAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}

/** A `TransientError` is answered with 503: the client may ask again. */
function statusOf(error: FastifyError | Problem | TransientError): number {
  if (error instanceof Problem) return error.status;
  if (error instanceof TransientError) return 503;
  return error.statusCode ?? 500;
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
}
