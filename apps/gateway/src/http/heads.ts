import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, invalid } from './problems.js';
import { isAcceptable } from './accepted.js';

type Fail = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

/** Refuses requests that cannot be answered according to their headers. */
export function refuseHeads(server: FastifyInstance, fail: Fail): void {
  server.addHook('onRequest', (request, reply, next) => {
    const problem = problemIn(request);
    if (problem === undefined) next();
    else fail(problem, request, reply);
  });
}

function problemIn({ raw, headers, routeOptions, is404 }: FastifyRequest): Problem | undefined {
  // RFC 9112, section 3.2; Node would answer this itself, without a body.
  if (headers.host === undefined && raw.httpVersion === '1.1') {
    return invalid('the header "Host" is missing');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return new Problem(
      415,
      'not-json',
      'compressed bodies are not supported: send it uncompressed',
    );
  }
  if (!is404 && !isAcceptable(routeOptions.url ?? '', headers.accept)) {
    const detail = `"Accept: ${headers.accept}" excludes the media type of the answer of ${routeOptions.url}`;
    return new Problem(406, 'not-acceptable', detail);
  }
  return undefined;
}
