import { errorMessage, Unparsable } from '#kernel';
import type { Logger } from '#service-runtime';
import {
  endpoints,
  regionOf,
  changeBuildRequest,
  configureFleetRequest,
  configureRequest,
  decodeJson,
  namesRequest,
} from '#wire';
import { Controller, type Type } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import type { Allocator } from './allocator.js';
import { refusedAnswer } from './claim/answers.js';

/** What people ask about builds and build configurations; made as `allocatorController` is. */
export function catalogueController(
  allocators: ReadonlyMap<string, Allocator>,
  logger: Logger,
): Type {
  const regions = [...allocators.keys()];

  /** The answer of the allocator of the subject's region, which the body has to name as well. */
  async function answered<Request extends { readonly region: string }, Answer>(
    schema: z.ZodType<Request>,
    body: Uint8Array,
    context: NatsContext,
    answer: (allocator: Allocator, request: Request) => Promise<Answer> | Answer,
  ) {
    try {
      const region = regionOf(context.getSubject());
      const allocator = allocators.get(region);
      const request = decodeJson(schema, body);
      if (allocator === undefined || request.region !== region) {
        throw new Unparsable(`region: the subject says ${region}, the body ${request.region}`);
      }
      return await answer(allocator, request);
    } catch (error) {
      if (error instanceof Unparsable) return refusedAnswer(undefined, 'invalid', error.message);
      logger.error({ error }, 'a request failed');
      return refusedAnswer(undefined, 'not-ready', errorMessage(error));
    }
  }

  @Controller()
  class CatalogueController {
    @MessagePattern(regions.map((region) => endpoints.configure.subject.of({ region })))
    configure(@Payload() body: Uint8Array, @Ctx() context: NatsContext) {
      return answered(configureRequest, body, context, (allocator, request) =>
        allocator.configure(request),
      );
    }

    @MessagePattern(regions.map((region) => endpoints.configurations.subject.of({ region })))
    configurations(@Payload() body: Uint8Array, @Ctx() context: NatsContext) {
      return answered(namesRequest, body, context, (allocator, request) =>
        allocator.listConfigurations(request),
      );
    }

    @MessagePattern(regions.map((region) => endpoints.changeBuild.subject.of({ region })))
    changeBuild(@Payload() body: Uint8Array, @Ctx() context: NatsContext) {
      return answered(changeBuildRequest, body, context, (allocator, request) =>
        allocator.changeBuild(request),
      );
    }

    @MessagePattern(regions.map((region) => endpoints.builds.subject.of({ region })))
    builds(@Payload() body: Uint8Array, @Ctx() context: NatsContext) {
      return answered(namesRequest, body, context, (allocator, request) =>
        allocator.listBuilds(request),
      );
    }

    @MessagePattern(regions.map((region) => endpoints.configureFleet.subject.of({ region })))
    configureFleet(@Payload() body: Uint8Array, @Ctx() context: NatsContext) {
      return answered(configureFleetRequest, body, context, (allocator, request) =>
        allocator.configureFleet(request),
      );
    }
  }
  return CatalogueController;
}
