import { Trouble, messageOf } from '#kernel';
import type { Logger } from '#service';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nativeFace, type Face } from './faces.js';
import { Problem, notReady } from './problems.js';
import { BODY_BYTES_MAX } from './server.js';

/** Answers every request that failed, wherever it did, in the shape of the API that was asked. */
@Catch()
export class FailuresFilter implements ExceptionFilter {
  constructor(
    private readonly faces: readonly Face[],
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const path = pathOf(request);
    const problem = problemOf(error, `${request.method} ${path}`);
    if (problem.code === 'internal') {
      this.logger.error({ requestId: request.id, err: error }, 'a request failed unexpectedly');
    }
    if (reply.sent || reply.raw.headersSent) return void reply.raw.destroy();
    const face = this.faces.find((candidate) => candidate.owns(path)) ?? nativeFace;
    const { status, contentType, body } = face.answer(problem, path);
    const { retryAfterS } = problem.extras;
    if (retryAfterS !== undefined) void reply.header('retry-after', String(retryAfterS));
    void reply.code(status).header('content-type', contentType).send(JSON.stringify(body));
  }
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? url;
}

function problemOf(error: unknown, route: string): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Trouble) return notReady(messageOf(error));
  if (error instanceof HttpException) return httpProblem(error, route);
  return new Problem(500, 'internal', 'this is our own mistake; the log tells more by request id');
}

/** What Nest and Fastify turn away before any of our code is asked. */
function httpProblem(error: HttpException, route: string): Problem {
  const status = error.getStatus();
  switch (status) {
    case 404:
      return new Problem(404, 'unknown-route', `there is no ${route}; GET / lists what there is`);
    case 413:
      return new Problem(413, 'too-large', `a body may have ${BODY_BYTES_MAX} bytes at most`);
    case 415:
      return new Problem(
        415,
        'not-json',
        'send the body as JSON, with the header "Content-Type: application/json"',
      );
    default:
      return status < 500
        ? new Problem(status, 'invalid', error.message)
        : new Problem(500, 'internal', 'the request could not be served');
  }
}
