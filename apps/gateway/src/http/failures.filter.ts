import { NotPermitted, TransientError, errorMessage, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nativeErrors, type ErrorDialect } from '../dialects/error-dialect.js';
import { pathOf } from './path.js';
import { Problem, notPermitted, notReady } from './problems.js';
import type { RouteTable } from './route-table.js';
import { BODY_BYTES_MAX } from './server.js';
import { leaveUnread } from './unread-bodies.js';

/** How much of a media type an error message repeats (characters). */
const TYPE_LENGTH_MAX = 100;

/** Answers every failed request in the error shape of the API that was asked. */
@Catch()
export class FailuresFilter implements ExceptionFilter {
  constructor(
    private readonly faces: readonly ErrorDialect[],
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly routes: RouteTable,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const path = pathOf(request.url);
    const problem = this.problemOf(error, request, path);
    if (problem.code === 'internal') {
      this.logger.error({ requestId: request.id, err: error }, 'a request failed unexpectedly');
    }
    if (reply.sent || reply.raw.headersSent) return void reply.raw.destroy();
    const face = this.faces.find((candidate) => candidate.owns(path)) ?? nativeErrors;
    const answer = face.answer(problem, path, request.id);
    const { status, contentType, body, withheld } = answer;
    const { headers = {}, log = withheld, allocationId } = problem.extras;
    const retryAfterS = answer.retryAfterS ?? problem.extras.retryAfterS;
    const refused = { requestId: request.id, code: problem.code, allocationId, detail: log };
    this.logger[log === undefined ? 'debug' : 'info'](refused, 'a request was refused');
    if (retryAfterS !== undefined) void reply.header('retry-after', String(retryAfterS));
    leaveUnread(request, reply, this.clock);
    void reply.headers(headers);
    void reply.code(status).header('content-type', contentType).send(JSON.stringify(body));
  }

  private problemOf(error: unknown, request: FastifyRequest, path: string): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof TransientError) return notReady(errorMessage(error));
    if (error instanceof NotPermitted) return notPermitted(error);
    if (!(error instanceof HttpException)) {
      const detail =
        "this is an error in Berth; the gateway's log has the details under the request id";
      return new Problem(500, 'internal', detail);
    }
    if (error.getStatus() === 404) return this.nowhere(request.method, path);
    return httpProblem(error, request.headers['content-type']);
  }

  private nowhere(method: string, path: string): Problem {
    const methods = this.routes.methodsOf(path);
    if (methods.length === 0) {
      const detail = `there is no ${method} ${path}; GET / lists what there is`;
      return new Problem(404, 'unknown-route', detail);
    }
    const allow = methods.join(', ');
    const detail = `${path} allows ${allow}, not ${method}`;
    return new Problem(405, 'method-not-allowed', detail, { headers: { allow } });
  }
}

/** Errors of Nest and Fastify, raised before any of our code runs. */
function httpProblem(error: HttpException, sentType = ''): Problem {
  const status = error.getStatus();
  switch (status) {
    case 413:
      return new Problem(413, 'too-large', `a body may have ${BODY_BYTES_MAX} bytes at most`);
    case 414:
      return new Problem(414, 'path-too-long', 'a part of the path is too long to be a name');
    case 415:
      return new Problem(
        415,
        'not-json',
        `the body is declared as ${JSON.stringify(sentType.slice(0, TYPE_LENGTH_MAX))}; send it as JSON, with the header "Content-Type: application/json"`,
      );
    default:
      return status < 500
        ? new Problem(status, 'invalid', error.message)
        : new Problem(500, 'internal', 'the request could not be served');
  }
}
