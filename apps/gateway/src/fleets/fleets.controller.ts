import {
  TOKEN,
  fleetNamed,
  sizeBody,
  unsizeQuery,
  type FleetRef,
  type FleetView,
  type SizeBody,
} from '#wire';
import { Body, Controller, Delete, Get, Headers, Param, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Problem } from '../problems.js';
import { SchemaPipe } from '../schema.pipe.js';
import { Regions } from '../slots/regions.js';
import { Fleets } from './fleets.js';
import { etagOf, revisionIn } from './revision.js';

const fleetsQuery = z.strictObject({ region: z.string().regex(TOKEN).optional() });

/** Fleets with their slots, and how many of those shall be warm, and in use, at most. */
@Controller('v1/fleets')
export class FleetsController {
  constructor(
    private readonly fleets: Fleets,
    private readonly regions: Regions,
  ) {}

  @Get()
  async list(@Query(new SchemaPipe(fleetsQuery)) query: z.output<typeof fleetsQuery>) {
    const regions = query.region === undefined ? this.regions.names : [query.region];
    const found = await Promise.all(regions.map((region) => this.fleets.list({ region })));
    return { fleets: found.flat() };
  }

  @Get(':id')
  async get(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const [fleet] = await this.fleets.list(refOf(id));
    if (fleet === undefined) throw unknown(`fleet ${id} has neither slots nor a size`);
    return tagged(reply, fleet);
  }

  /** Asking twice is asking once. With `If-Match`, 412 where somebody else has changed the size. */
  @Put(':id')
  async size(
    @Param('id') id: string,
    @Body(new SchemaPipe(sizeBody)) { reason, by, ...size }: SizeBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = { ...refOf(id), size, reason, by, ...revisionIn(ifMatch) };
    return tagged(reply, await this.fleets.size(request));
  }

  /** Withdraws the size; the fleet and its slots stay. */
  @Delete(':id')
  async unsize(
    @Param('id') id: string,
    @Query(new SchemaPipe(unsizeQuery)) { reason, by }: z.output<typeof unsizeQuery>,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = { ...refOf(id), size: null, reason, by, ...revisionIn(ifMatch) };
    return tagged(reply, await this.fleets.size(request));
  }
}

function tagged(reply: FastifyReply, fleet: FleetView): FleetView {
  void reply.header('etag', etagOf(fleet.revision));
  return fleet;
}

function refOf(id: string): FleetRef {
  const ref = fleetNamed(id);
  if (ref === undefined) throw unknown(`there is no fleet ${id}; fleets are region.fleet`);
  return ref;
}

function unknown(detail: string): Problem {
  return new Problem(404, 'unknown-fleet', detail);
}
