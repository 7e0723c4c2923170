import type { Scope } from '#auth';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

/** What a route requires: any one of these scopes, or nothing at all. */
export type Needs = 'nothing' | readonly [Scope, ...Scope[]];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Missing: the route does not declare who may use it. */
    needs?: Needs;
  }
}

const NEEDS = 'berth:needs';

/** Declares the scopes of which a requester must have one. */
export function Requires(...scopes: readonly [Scope, ...Scope[]]): MethodDecorator {
  return needing(scopes);
}

/** Opens a route to everyone; for answers that reveal nothing about a fleet. */
export function OpenToAll(): MethodDecorator {
  return needing('nothing');
}

/** The needs that a route's handler was decorated with. */
export function needsOf(handler: object): Needs | undefined {
  return Reflect.getMetadata(NEEDS, handler) as Needs | undefined;
}

/**
 * Stores the needs twice: for the gate, which knows Fastify's route, and for the documents, which
 * know the handler.
 */
function needing(needs: Needs): MethodDecorator {
  return applyDecorators(RouteConfig({ needs }), SetMetadata(NEEDS, needs));
}
