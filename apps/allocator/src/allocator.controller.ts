import { errorMessage, Unparsable } from '#kernel';
import type { Logger } from '#service-runtime';
import {
  endpoints,
  regionOf,
  slotOfReport,
  allocationRequest,
  deallocationRequest,
  decodeJson,
  operationRequest,
  fleetsRequest,
  reportMessage,
  sizeRequest,
  type AllocationAnswer,
  type DeallocationAnswer,
  type OperationAnswer,
  type FleetsAnswer,
  type SizeAnswer,
} from '#wire';
import { Controller, type Type } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import type { Allocator } from './allocator.js';
import { refusedAnswer } from './claim/answers.js';

/** A report of any agent on any slot of the region. */
const reports = (region: string, allocator?: string) =>
  allocator === undefined
    ? endpoints.report.subject.filter({ region })
    : endpoints.reportToClaimer.subject.filter({ region, allocator });

/** Over NATS the subject tells the region; the body may repeat it. */
const natsAllocation = allocationRequest.partial({ region: true });
const natsDeallocation = deallocationRequest.partial({ region: true });

function inRegion<Request extends { readonly region?: string | undefined }>(
  request: Request,
  region: string,
): Request & { readonly region: string } {
  if (request.region === undefined || request.region === region) return { ...request, region };
  throw new Unparsable(`region: the subject says ${region}, the body ${request.region}`);
}

/** Regions are settings, subjects are decorators: so the controller is made once both are known. */
export function allocatorController(
  allocators: ReadonlyMap<string, Allocator>,
  logger: Logger,
): Type {
  const regions = [...allocators.keys()];
  const of = (subject: string) => {
    const allocator = allocators.get(regionOf(subject));
    if (allocator === undefined) throw new Unparsable(`${subject} is not of a region served here`);
    return allocator;
  };

  @Controller()
  class AllocatorController {
    @MessagePattern(regions.map((region) => endpoints.allocate.subject.of({ region })))
    async allocate(
      @Payload() body: Uint8Array,
      @Ctx() context: NatsContext,
    ): Promise<AllocationAnswer> {
      try {
        const allocator = of(context.getSubject());
        const request = decodeJson(natsAllocation, body);
        return await allocator.allocate(inRegion(request, allocator.region));
      } catch (error) {
        return this.refuse(error);
      }
    }

    @MessagePattern(regions.map((region) => endpoints.deallocate.subject.of({ region })))
    async deallocate(
      @Payload() body: Uint8Array,
      @Ctx() context: NatsContext,
    ): Promise<DeallocationAnswer> {
      try {
        const allocator = of(context.getSubject());
        const request = decodeJson(natsDeallocation, body);
        return await allocator.deallocate(inRegion(request, allocator.region));
      } catch (error) {
        return this.refuse(error);
      }
    }

    @MessagePattern(regions.map((region) => endpoints.operate.subject.of({ region })))
    async direct(
      @Payload() body: Uint8Array,
      @Ctx() context: NatsContext,
    ): Promise<OperationAnswer> {
      try {
        const allocator = of(context.getSubject());
        const request = decodeJson(operationRequest, body);
        return await allocator.direct(inRegion(request, allocator.region));
      } catch (error) {
        return this.refuse(error);
      }
    }

    @MessagePattern(regions.map((region) => endpoints.size.subject.of({ region })))
    async size(@Payload() body: Uint8Array, @Ctx() context: NatsContext): Promise<SizeAnswer> {
      try {
        const allocator = of(context.getSubject());
        return await allocator.size(inRegion(decodeJson(sizeRequest, body), allocator.region));
      } catch (error) {
        return this.refuse(error);
      }
    }

    @MessagePattern(regions.map((region) => endpoints.fleets.subject.of({ region })))
    listFleets(@Payload() body: Uint8Array, @Ctx() context: NatsContext): FleetsAnswer {
      try {
        const allocator = of(context.getSubject());
        const request = inRegion(decodeJson(fleetsRequest, body), allocator.region);
        return allocator.listFleets(request);
      } catch (error) {
        return this.refuse(error);
      }
    }

    @EventPattern(
      [...allocators.values()].flatMap(({ region, id }) => [reports(region), reports(region, id)]),
    )
    async report(@Payload() body: Uint8Array, @Ctx() context: NatsContext): Promise<void> {
      const subject = context.getSubject();
      try {
        await of(subject).report(slotOfReport(subject), decodeJson(reportMessage, body));
      } catch (error) {
        logger.warn({ subject, reason: errorMessage(error) }, 'a report was set aside');
      }
    }

    private refuse(error: unknown) {
      if (error instanceof Unparsable) return refusedAnswer(undefined, 'invalid', error.message);
      logger.error({ error }, 'a request failed');
      return refusedAnswer(undefined, 'not-ready', errorMessage(error));
    }
  }
  return AllocatorController;
}
