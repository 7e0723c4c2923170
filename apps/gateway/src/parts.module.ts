import { Bus, Clock } from '#kernel';
import { Module, type DynamicModule } from '@nestjs/common';
import { Documents } from './openapi/documents.js';
import { RouteTable } from './http/route-table.js';
import type { GatewayParts } from './parts.js';

/** The token under which features are given `GatewayParts`. */
export const PARTS = Symbol('the parts of the gateway');

/** What comes from outside of Nest, for all features. */
@Module({})
export class PartsModule {
  static with(parts: GatewayParts, documents: Documents, routes: RouteTable): DynamicModule {
    const providers = [
      { provide: PARTS, useValue: parts },
      { provide: Bus, useValue: parts.bus },
      { provide: Clock, useValue: parts.clock },
      { provide: Documents, useValue: documents },
      { provide: RouteTable, useValue: routes },
    ];
    const exported = providers.map(({ provide }) => provide);
    return { module: PartsModule, global: true, providers, exports: exported };
  }
}
