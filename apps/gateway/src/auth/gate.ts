import { errorMessage } from '#kernel';
import type { Logger } from '#service-runtime';
import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from './access.js';
import type { Face } from '../dialects/error-dialect.js';
import { Problem } from '../http/problems.js';
import { pathOf } from '../http/path.js';
import { everybody, inTheNameOf, type Caller } from './caller.js';

interface Guarding {
  readonly access: Access;
  readonly logger: Logger;
  /** Answers a request that was refused. */
  readonly fail: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;
  /** The face that a path belongs to. */
  readonly faceOf: (path: string) => Face;
}

/** Lets requests in or refuses them, before their body is read or parsed. */
export function guard(server: FastifyInstance, { access, logger, fail, faceOf }: Guarding): void {
  const callers = new WeakMap<FastifyRequest, Caller>();

  const letIn = async (request: FastifyRequest) => {
    const { headers, ip } = request;
    access.requireOwnName(headers.host);
    const { needs, inProject } = request.routeOptions.config;
    const caller = await access.admit(headers.authorization, ip, needs, inProject);
    const face = faceOf(pathOf(request.url));
    callers.set(request, { ...(caller ?? everybody), face });
  };

  server.addHook('onRequest', (request, reply, next) => {
    if (request.is404) {
      // A preflight request of a browser has no route, and is answered by its plugin.
      if (request.method === 'OPTIONS') return next();
      return fail(new NotFoundException(), request, reply);
    }
    letIn(request).then(
      () => next(),
      (error: unknown) => {
        const { id: requestId, method, ip } = request;
        const isFlood = error instanceof Problem && error.code === 'too-many-failures';
        logger[isFlood ? 'debug' : 'info'](
          { requestId, method, ip, reason: errorMessage(error) },
          'a request was not authenticated',
        );
        fail(error, request, reply);
      },
    );
  });

  // Reading a body leaves the asynchronous context of the request, so the caller is set only
  // afterwards.
  server.addHook('preHandler', (request, _reply, next) => {
    const caller = callers.get(request);
    if (caller === undefined) next();
    else inTheNameOf(caller, next);
  });

  server.addHook('onClose', (_server, closed) => {
    access.close();
    closed();
  });
}
