import type { GatewayConfig } from '../../config.js';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequiresInProject } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { VendorBody } from '../vendor-body.js';
import {
  allocationsAnswer,
  createBody,
  createdAnswer,
  listQuery,
  multiplayAllocation,
  type CreateBody,
  type ListQuery,
} from './allocation.schema.js';
import { listed } from './listed.js';
import { Lookup, notFound } from './lookup.js';
import { Matchmaking } from './matchmaking.js';
import { ALLOCATIONS } from './paths.js';

/** The gateway's settings that matchmakers notice. */
export class MultiplayStatus {
  constructor(readonly created: GatewayConfig['MULTIPLAY_CREATED_STATUS']) {}
}

/** Multiplay's allocation API, as matchmakers use it. */
@Controller([...ALLOCATIONS])
export class MultiplayAllocationsController {
  constructor(
    private readonly matchmaking: Matchmaking,
    private readonly lookup: Lookup,
    private readonly status: MultiplayStatus,
  ) {}

  @Describes({
    summary: 'Requests a game server (Multiplay)',
    detail:
      'It is served within a time that the operator sets, or fails. Poll it until `fulfilled` is ' +
      'present and, if `readiness` is true, `ready` too.',
    answers: { 202: createdAnswer, 200: createdAnswer },
    refusals: ['unknown-fleet', 'shed', 'unknown-region'],
    asks: true,
  })
  @RequiresInProject('allocate')
  @Post()
  @HttpCode(202)
  async create(
    @Param('fleetId') fleetId: string,
    @Body(new VendorBody(createBody)) body: CreateBody,
    @Req() { url }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const allocationId = await this.matchmaking.create(fleetId, body);
    void reply.code(this.status.created);
    return { allocationId, href: hrefOf(url, allocationId) };
  }

  @Describes({
    summary: 'Lists allocations (Multiplay)',
    detail:
      'Without `ids`, those that have a server; with `ids`, these, including those that still wait.',
    answers: { 200: allocationsAnswer },
    refusals: ['unknown-fleet'],
    reads: true,
  })
  @RequiresInProject('allocate', 'observe')
  @Get()
  list(@Param('fleetId') fleetId: string, @Query(new SchemaPipe(listQuery)) query: ListQuery) {
    return listed(this.lookup, fleetId, query);
  }

  @Describes({
    summary: 'Shows an allocation (Multiplay)',
    detail: 'If it got no server, the answer is 404, and `detail` says why.',
    answers: { 200: multiplayAllocation },
    refusals: ['unknown-allocation'],
    reads: true,
  })
  @RequiresInProject('allocate', 'observe')
  @Get(':id')
  async get(@Param('fleetId') fleetId: string, @Param('id') given: string) {
    const id = given.toLowerCase();
    const found = await this.lookup.find(fleetId, id);
    if (found.kind === 'open') return found.allocation;
    throw notFound(found, id);
  }

  @Describes({
    summary: 'Ends an allocation (Multiplay)',
    detail: 'A body is ignored. Repeating the request changes nothing.',
    answers: { 204: { mediaType: 'application/json', says: 'It is over.' } },
    refusals: ['unknown-allocation'],
    asks: true,
  })
  @RequiresInProject('allocate', 'operate')
  @Delete(':id')
  @HttpCode(204)
  delete(@Param('fleetId') fleetId: string, @Param('id') id: string) {
    return this.matchmaking.delete(fleetId, id.toLowerCase());
  }
}

/** A link with the same path shape as the request. */
export function hrefOf(url: string, allocationId: string): string {
  const [path = ''] = url.split('?', 1);
  return `${path.replace(/\/$/, '')}/${allocationId}`;
}
