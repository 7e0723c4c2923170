import type { Scope } from '#auth';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

/** What a requester needs for a route: any one of some scopes, or nothing at all. */
export type Needs = 'nothing' | readonly [Scope, ...Scope[]];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Missing: nobody has thought of who may use the route. */
    needs?: Needs;
  }
}

const NEEDS = 'berth:needs';

/** Names the scopes of which a requester must have one. */
export function Requires(...scopes: readonly [Scope, ...Scope[]]): MethodDecorator {
  return needing(scopes);
}

/** For everybody: what says nothing of the fleet. */
export function OpenToAll(): MethodDecorator {
  return needing('nothing');
}

/** What the handler of a route was decorated with. */
export function needsOf(handler: object): Needs | undefined {
  return Reflect.getMetadata(NEEDS, handler) as Needs | undefined;
}

/** For the gate, which knows the route by Fastify, and for the documents, which know its handler. */
function needing(needs: Needs): MethodDecorator {
  return applyDecorators(RouteConfig({ needs }), SetMetadata(NEEDS, needs));
}
