import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RequiresInProject } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { VendorBody } from '../vendor-body.js';
import {
  createBody,
  createdAnswer,
  listQuery,
  testAllocation,
  testAllocationsAnswer,
  type CreateBody,
  type ListQuery,
} from './allocation.schema.js';
import { hrefOf } from './allocations.controller.js';
import { page } from './listed.js';
import { Lookup, notFound } from './lookup.js';
import { Matchmaking } from './matchmaking.js';
import { TEST_ALLOCATIONS } from './paths.js';

/** Multiplay's test allocations: like all others, except that a failure is shown. */
@Controller([...TEST_ALLOCATIONS])
export class MultiplayTestAllocationsController {
  constructor(
    private readonly matchmaking: Matchmaking,
    private readonly lookup: Lookup,
  ) {}

  @Describes({
    summary: 'Requests a game server as a test (Multiplay)',
    answers: { 202: createdAnswer },
    refusals: ['unknown-fleet', 'shed', 'unknown-region'],
    asks: true,
  })
  @RequiresInProject('allocate')
  @Post('fleets/:fleetId/test-allocations')
  @HttpCode(202)
  async create(
    @Param('fleetId') fleetId: string,
    @Body(new VendorBody(createBody)) body: CreateBody,
    @Req() { url }: FastifyRequest,
  ) {
    const allocationId = await this.matchmaking.create(fleetId, body);
    return { allocationId, href: hrefOf(url, allocationId) };
  }

  @Describes({
    summary: 'Lists allocations of all fleets (Multiplay)',
    detail:
      'Berth does not distinguish test allocations from others: it lists all that have a server.',
    answers: { 200: testAllocationsAnswer },
    reads: true,
  })
  @RequiresInProject('allocate', 'observe')
  @Get('test-allocations')
  list(@Query(new SchemaPipe(listQuery)) { limit, offset, age, ids }: ListQuery) {
    const { since } = this.lookup.narrowed(undefined, age);
    const all = page(this.lookup.running(undefined, since, ids), limit, offset);
    const allocations = all.map((allocation) => ({ ...allocation, failed: false }));
    return { allocations, pagination: { limit, offset } };
  }

  @Describes({
    summary: 'Shows a test allocation (Multiplay)',
    answers: { 200: testAllocation },
    refusals: ['unknown-allocation'],
    reads: true,
  })
  @RequiresInProject('allocate', 'observe')
  @Get('fleets/:fleetId/test-allocations/:id')
  async get(@Param('fleetId') fleetId: string, @Param('id') given: string) {
    const id = given.toLowerCase();
    const found = await this.lookup.find(fleetId, id);
    if (found.kind === 'open' || found.kind === 'failed') {
      return { ...found.allocation, failed: found.kind === 'failed' };
    }
    throw notFound(found, id);
  }

  @Describes({
    summary: 'Ends a test allocation (Multiplay)',
    answers: { 204: { mediaType: 'application/json', says: 'It is over.' } },
    refusals: ['unknown-allocation'],
    asks: true,
  })
  @RequiresInProject('allocate', 'operate')
  @Delete('fleets/:fleetId/test-allocations/:id')
  @HttpCode(204)
  delete(@Param('fleetId') fleetId: string, @Param('id') id: string) {
    return this.matchmaking.delete(fleetId, id.toLowerCase());
  }
}
