import { fleetAnswer, fleetsAnswer } from '#http-api';
import {
  TOKEN,
  fleetConfigurationBody,
  fleetNamed,
  sizeBody,
  unsizeQuery,
  type FleetConfigurationBody,
  type FleetRef,
  type SizeBody,
} from '#wire';
import { Body, Controller, Delete, Get, Headers, Param, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { pageAcross, pageOf } from '../paging.js';
import { Problem } from '../../http/problems.js';
import { revisionIn, tagged } from '../../http/revision.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Regions } from '../slots/regions.js';
import { Fleets } from './fleets.js';

const fleetsQuery = pageOf({ region: z.string().regex(TOKEN).optional() });

const ETAG = { ETag: 'the revision of the size, for `If-Match`' };

/** Fleets with their slots, and how many of them should be warm, or may be in use. */
@Controller('v1/fleets')
export class FleetsController {
  constructor(
    private readonly fleets: Fleets,
    private readonly regions: Regions,
  ) {}

  @Describes({
    summary: 'Lists the fleets, with their sizes and slots',
    answers: { 200: fleetsAnswer },
    refusals: ['unknown-region'],
    asks: true,
  })
  @Requires('observe')
  @Get()
  async list(@Query(new SchemaPipe(fleetsQuery)) query: z.output<typeof fleetsQuery>) {
    const regions = this.regions.shown(query.region);
    const find = (region: string) => this.fleets.list({ region });
    const { items, next } = await pageAcross(regions, find, query);
    return { fleets: items, next };
  }

  @Describes({
    summary: 'Shows a fleet',
    answers: { 200: fleetAnswer },
    headers: ETAG,
    refusals: ['unknown-fleet'],
    asks: true,
  })
  @Requires('observe')
  @Get(':id')
  async get(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const [fleet] = await this.fleets.list(refOf(id));
    if (fleet === undefined) throw unknown(`fleet ${id} has neither slots nor a size`);
    return tagged(reply, fleet);
  }

  /** Repeating the request changes nothing. With `If-Match`, 412 if the size was changed since. */
  @Describes({
    summary: 'Sets how many servers of a fleet are kept ready, and their maximum',
    detail:
      'Repeating the request changes nothing. With `If-Match`, the size is set only if nobody has changed it since.',
    answers: { 200: fleetAnswer },
    headers: ETAG,
    refusals: ['unknown-fleet', 'stale-revision'],
    asks: true,
  })
  @Requires('operate')
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

  @Describes({
    summary: 'Sets what the free slots of a fleet run, and how many of them change at a time',
    detail:
      'Slots with a session change once it is over and they are cleared; slots whose game has set a hold change after the hold. `rollout` shows the progress. If a game does not start, the rollout stops: then set another build configuration, or an earlier one.',
    answers: { 200: fleetAnswer },
    headers: ETAG,
    refusals: ['unknown-fleet', 'unknown-build-configuration', 'stale-revision'],
    asks: true,
  })
  @Requires('deploy')
  @Put(':id/build-configuration')
  async configure(
    @Param('id') id: string,
    @Body(new SchemaPipe(fleetConfigurationBody)) body: FleetConfigurationBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = { ...refOf(id), ...body, ...revisionIn(ifMatch) };
    return tagged(reply, await this.fleets.configure(request));
  }

  /** Withdraws the size; the fleet and its slots stay. */
  @Describes({
    summary: 'Removes the size of a fleet; the fleet and its slots stay',
    answers: { 200: fleetAnswer },
    headers: ETAG,
    refusals: ['unknown-fleet', 'stale-revision'],
    asks: true,
  })
  @Requires('operate')
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

function refOf(id: string): FleetRef {
  const ref = fleetNamed(id);
  if (ref === undefined) throw unknown(`there is no fleet ${id}; fleets are region.fleet`);
  return ref;
}

function unknown(detail: string): Problem {
  return new Problem(404, 'unknown-fleet', detail);
}
