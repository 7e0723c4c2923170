import {
  allocationId,
  allocationRequest,
  deallocationRequest,
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
import { pageOf, type PageQuery } from '../paging.js';
import { Problem, notReady } from '../problems.js';
import { SchemaPipe } from '../schema.pipe.js';
import { Regions } from '../slots/regions.js';
import { SlotView } from '../slots/slot-view.js';
import { allocationJson } from './allocation-json.js';
import { Allocations } from './allocations.js';
import { idOf } from './idempotency-key.js';

/** Who ended an allocation, as the log will say. */
const GATEWAY = 'berth/gateway';

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
  ) {}

  /**
   * 201 every time: the same request is given the same answer, status included, and whether it was
   * the first is nothing that a requester whose first answer was lost could use.
   */
  @Post()
  @HttpCode(201)
  async allocate(
    @Body(new SchemaPipe(allocationRequest)) request: AllocationRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const id = idOf(request.allocationId, key);
    const allocation = await this.allocations.allocate({ ...request, allocationId: id });
    void reply.header('location', `/v1/allocations/${encodeURIComponent(allocation.allocationId)}`);
    return allocation;
  }

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

  @Get(':id')
  get(@Param('id', new SchemaPipe(allocationId)) id: string) {
    const entry = this.view.holderOf(id) ?? this.view.lastHolderOf(id);
    if (entry !== undefined) return allocationJson(entry, id);
    this.regions.requireAll();
    throw unknown(id, 'no slot holds this allocation, or held it last');
  }

  @Delete(':id')
  async release(
    @Param('id', new SchemaPipe(allocationId)) id: string,
    @Query(new SchemaPipe(releaseQuery)) query: z.output<typeof releaseQuery>,
  ) {
    const { reason } = query;
    const region = query.region ?? this.regionOf(id);
    return this.allocations.deallocate({ allocationId: id, region, reason, by: GATEWAY });
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
  return new Problem(404, 'unknown-allocation', detail, { allocationId: id });
}
