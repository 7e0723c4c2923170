import { Module } from '@nestjs/common';
import { PARTS } from '../../parts.module.js';
import type { GatewayParts } from '../../parts.js';
import { SlotsModule } from '../slots/slots.module.js';
import { RefusalsController } from './refusals.controller.js';
import { RequestsController } from './requests.controller.js';
import { Requests } from './requests.js';

/** Requests that are published and served later, and the refusals of all. */
export const requests = {
  imports: [SlotsModule],
  controllers: [RequestsController, RefusalsController],
  providers: [
    {
      provide: Requests,
      useFactory: (parts: GatewayParts) => new Requests(parts, parts.random),
      inject: [PARTS],
    },
  ],
  exports: [Requests],
};

@Module(requests)
export class RequestsModule {}
