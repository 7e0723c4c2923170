import { Module } from '@nestjs/common';
import { GATEWAY_DEPS } from '../../gateway-deps.module.js';
import type { GatewayDeps } from '../../gateway-deps.js';
import { SlotsModule } from '../slots/slots.module.js';
import { RefusalsController } from './refusals.controller.js';
import { RequestsController } from './requests.controller.js';
import { Requests } from './requests.js';

/** Requests that are published and served later, and the refusals of all requests. */
export const requests = {
  imports: [SlotsModule],
  controllers: [RequestsController, RefusalsController],
  providers: [
    {
      provide: Requests,
      useFactory: (deps: GatewayDeps) => new Requests(deps, deps.random),
      inject: [GATEWAY_DEPS],
    },
  ],
  exports: [Requests],
};

@Module(requests)
export class RequestsModule {}
