import { allocationAnswer, allocationsAnswer, grantAnswer, releaseAnswer } from '#http-api';
import {
  SHORTAGES,
  allocationRequest,
  deallocationRequest,
  fullAllocationId,
  type AllocationRequest,
} from '#wire';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { fullIdFor, idFor, signed } from '../../auth/caller.js';
import { RequiresInProject } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { pageOf, type PageQuery } from '../paging.js';
import { Problem, notReady } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Payloads } from '../payloads/payloads.js';
import { Regions } from '../slots/regions.js';
import { SlotView } from '../slots/slot-view.js';
import { allocationJson } from './allocation-json.js';
import { Allocations } from './allocations.js';
import { hangUpOf } from './hang-up.js';
import { idOf } from './idempotency-key.js';

const releaseQuery = z.strictObject({
  reason: deallocationRequest.shape.reason,
  region: deallocationRequest.shape.region.optional(),
});

@Controller('v1/allocations')
export class AllocationsController {
  constructor(
    private readonly allocations: Allocations,
    private readonly view: SlotView,
    private readonly regions: Regions,
    private readonly payloads: Payloads,
  ) {}

  /**
   * Always 201: a repeated request gets the same answer, status included. A requester that lost the
   * first answer could not use the information whether it was the first.
   */
  @Describes({
    summary: 'Requests a game server',
    detail:
      'Repeated requests with the same id get the same server, so repeat a request that got no ' +
      'answer. The id may be in the header `Idempotency-Key` instead.',
    answers: { 201: grantAnswer },
    headers: { Location: 'the URL of the allocation' },
    refusals: [
      ...SHORTAGES,
      ...(['unknown-region', 'unknown-fleet', 'unknown-build-configuration'] as const),
      'unknown-slot',
      ...(['shed', 'cancelled', 'callback-failed', 'timed-out', 'ended'] as const),
    ],
    asks: true,
  })
  @RequiresInProject('allocate')
  @Post()
  @HttpCode(201)
  async allocate(
    @Body(new SchemaPipe(allocationRequest)) request: AllocationRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const id = idOf(request.allocationId, key);
    const allocation = await this.allocations
      .allocate({ ...request, allocationId: id }, hangUpOf(reply))
      .catch((error: unknown) => {
        // Where nobody answers in a region that nobody knows, its name is the mistake.
        const isSilent = error instanceof Problem && error.code === 'no-allocator';
        if (isSilent) this.regions.requireShown(request.region);
        throw error;
      });
    void reply.header('location', `/v1/allocations/${encodeURIComponent(allocation.allocationId)}`);
    return allocation;
  }

  @Describes({
    summary: 'Lists the running allocations',
    answers: { 200: allocationsAnswer },
    reads: true,
  })
  @RequiresInProject('allocate', 'observe')
  @Get()
  list(@Query(new SchemaPipe(pageOf({}))) { limit, after }: PageQuery) {
    this.regions.requireAll();
    const { entries, next } = this.view.page({ status: 'allocated' }, after, limit);
    return {
      allocations: entries.map((entry) =>
        allocationJson(entry, entry.state.context.allocation?.id ?? ''),
      ),
      next,
    };
  }

  @Describes({
    summary: 'Shows an allocation, or how it ended',
    detail:
      'Without its token. A requester that lost the answer repeats its request with the same id.',
    answers: { 200: allocationAnswer },
    refusals: ['unknown-allocation'],
    reads: true,
  })
  @RequiresInProject('allocate', 'observe')
  @Get(':id')
  async get(@Param('id', new SchemaPipe(fullAllocationId)) given: string) {
    const id = fullIdFor(given);
    const entry = this.view.holderOf(id) ?? this.view.lastHolderOf(id);
    if (entry !== undefined) return allocationJson(await this.payloads.readable(entry), id);
    this.regions.requireAll();
    throw unknown(id, 'no slot holds this allocation, or held it last');
  }

  @Describes({
    summary: 'Ends an allocation and takes its server back',
    answers: { 200: releaseAnswer },
    refusals: ['unknown-allocation'],
    asks: true,
  })
  @RequiresInProject('allocate', 'operate')
  @Delete(':id')
  async release(
    @Param('id', new SchemaPipe(fullAllocationId)) given: string,
    @Query(new SchemaPipe(releaseQuery)) query: z.output<typeof releaseQuery>,
  ) {
    const { reason } = query;
    const id = fullIdFor(given);
    const region = query.region ?? this.regionOf(id);
    return this.allocations.deallocate({ allocationId: id, region, reason, by: signed() });
  }

  private regionOf(id: string): string {
    const entry = this.view.holderOf(id) ?? this.view.lastHolderOf(id);
    if (entry !== undefined) return entry.ref.region;
    const [only, ...more] = this.regions.names;
    if (only !== undefined && more.length === 0) return only;
    const behind = this.regions.behindBecause();
    if (behind.length > 0) throw notReady(`${behind.join('; ')}; name the region with ?region=`);
    throw unknown(id, 'no slot is known to hold this allocation; name its region with ?region=');
  }
}

function unknown(id: string, detail: string): Problem {
  return new Problem(404, 'unknown-allocation', detail, { allocationId: idFor(id) });
}
