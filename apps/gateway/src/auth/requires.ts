import type { Scope } from '#auth';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

/** What a route requires: any one of these scopes, or nothing at all. */
export type Needs = 'nothing' | readonly [Scope, ...Scope[]];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Missing: the route does not declare who may use it. */
    needs?: Needs;
    /** Whether tokens of a project may use the route. Missing: only those of the installation may. */
    inProject?: boolean;
  }
}

const NEEDS = 'berth:needs';
const IN_PROJECT = 'berth:in-project';

/**
 * Declares the scopes of which a requester must have one. The route shows or changes what projects
 * share, so tokens of a project cannot use it.
 */
export function Requires(...scopes: readonly [Scope, ...Scope[]]): MethodDecorator {
  return needing(scopes);
}

/**
 * Declares the scopes of which a requester must have one. The route keeps to the project of the
 * requester's token: it names allocations by `fullIdFor`, and shows nothing of other projects.
 */
export function RequiresInProject(...scopes: readonly [Scope, ...Scope[]]): MethodDecorator {
  return needing(scopes, true);
}

/** Opens a route to everyone; for answers that reveal nothing about a fleet. */
export function OpenToAll(): MethodDecorator {
  return needing('nothing');
}

/** The needs that a route's handler was decorated with. */
export function needsOf(handler: object): Needs | undefined {
  return Reflect.getMetadata(NEEDS, handler) as Needs | undefined;
}

/** Whether tokens of a project may use the route of this handler. */
export function isInProject(handler: object): boolean {
  return Reflect.getMetadata(IN_PROJECT, handler) === true;
}

/**
 * Stores the needs twice: for the gate, which knows Fastify's route, and for the documents, which
 * know the handler.
 */
function needing(needs: Needs, inProject = false): MethodDecorator {
  return applyDecorators(
    RouteConfig({ needs, inProject }),
    SetMetadata(NEEDS, needs),
    SetMetadata(IN_PROJECT, inProject),
  );
}
