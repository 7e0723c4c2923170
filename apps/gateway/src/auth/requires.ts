import type { Scope } from '#auth';
import { RouteConfig } from '@nestjs/platform-fastify';

/** What a requester needs for a route: any one of some scopes, or nothing at all. */
export type Needs = 'nothing' | readonly [Scope, ...Scope[]];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Missing: nobody has thought of who may use the route. */
    needs?: Needs;
  }
}

/** Where Nest's `RouteConfig` keeps what it was told. */
const CONFIG = '__fastify_route_config__';

/** Names the scopes of which a requester must have one. */
export function Requires(...scopes: readonly [Scope, ...Scope[]]): MethodDecorator {
  return RouteConfig({ needs: scopes });
}

/** For everybody: what says nothing of the fleet. */
export function OpenToAll(): MethodDecorator {
  return RouteConfig({ needs: 'nothing' });
}

/** What the handler of a route was decorated with. */
export function needsOf(handler: object): Needs | undefined {
  const config = Reflect.getMetadata(CONFIG, handler) as { needs?: Needs } | undefined;
  return config?.needs;
}
