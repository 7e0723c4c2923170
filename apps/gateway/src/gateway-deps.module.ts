import { Bus, Clock } from '#kernel';
import { Module, type DynamicModule } from '@nestjs/common';
import { Access } from './auth/access.js';
import { Documents } from './openapi/documents.js';
import { RouteTable } from './http/route-table.js';
import type { GatewayDeps } from './gateway-deps.js';

/** The Nest token under which features get `GatewayDeps`. */
export const GATEWAY_DEPS = Symbol('GatewayDeps');

/** Provides the dependencies from outside Nest to all features. */
@Module({})
export class GatewayDepsModule {
  static with(
    deps: GatewayDeps,
    access: Access,
    documents: Documents,
    routes: RouteTable,
  ): DynamicModule {
    const providers = [
      { provide: GATEWAY_DEPS, useValue: deps },
      { provide: Bus, useValue: deps.bus },
      { provide: Clock, useValue: deps.clock },
      { provide: Access, useValue: access },
      { provide: Documents, useValue: documents },
      { provide: RouteTable, useValue: routes },
    ];
    const exported = providers.map(({ provide }) => provide);
    return { module: GatewayDepsModule, global: true, providers, exports: exported };
  }
}
