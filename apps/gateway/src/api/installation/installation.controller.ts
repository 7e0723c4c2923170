import { installationAnswer, waitingRequestsAnswer } from '#http-api';
import { Bus } from '#kernel';
import { ask } from '#rpc';
import { endpoints, token } from '#wire';
import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { answered } from '../../answered.js';
import { idFor } from '../../auth/caller.js';
import { Requires } from '../../auth/requires.js';
import { Problem } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Describes } from '../../openapi/describes.js';
import { Regions } from '../slots/regions.js';
import { Services } from './services.js';

const regionQuery = z.strictObject({ region: token.optional() });
/** What is shown of streams that no allocator tells of. */
const UNTOLD = { streams: null, missing: [], servers: null };

type RegionQuery = z.output<typeof regionQuery>;

/** What Berth itself consists of, and which requests wait. */
@Controller('v1')
export class InstallationController {
  constructor(
    private readonly bus: Bus,
    private readonly regions: Regions,
    private readonly services: Services,
  ) {}

  @Describes({
    summary: 'Shows the allocators and gateways that are heard, and the streams of each region',
    detail: 'A service that was not heard for ten seconds is left out.',
    answers: { 200: installationAnswer },
    refusals: ['unknown-region'],
  })
  @Requires('observe')
  @Get('installation')
  async show(@Query(new SchemaPipe(regionQuery)) query: RegionQuery) {
    const ofRegion = async (region: string) => ({
      region,
      services: this.services.in(region).map(({ region: _, ...service }) => service),
      ...(await this.streamsOf(region)),
    });
    return { regions: await Promise.all(this.regions.shown(query.region).map(ofRegion)) };
  }

  @Describes({
    summary: 'Lists the requests that wait for a slot now',
    detail: 'Each allocator lists the first 500 that wait at it.',
    answers: { 200: waitingRequestsAnswer },
    refusals: ['unknown-region', 'no-allocator', 'timed-out', 'bad-answer'],
  })
  @Requires('observe')
  @Get('waiting')
  async waiting(@Query(new SchemaPipe(regionQuery)) query: RegionQuery) {
    const waitedAt = this.regions
      .shown(query.region)
      .flatMap((region) => this.services.in(region))
      .filter(({ waiting }) => (waiting ?? 0) > 0);
    const lists = await Promise.all(waitedAt.map(({ region, id }) => this.waitingAt(region, id)));
    const waiting = waitedAt.reduce((sum, service) => sum + (service.waiting ?? 0), 0);
    return { waiting, requests: lists.flat() };
  }

  private async waitingAt(region: string, allocator: string) {
    const question = ask(this.bus, endpoints.waiting, { region, allocator }, {});
    const answer = await answered(question, region);
    if (answer.status === 'refused') return [];
    return answer.requests.map(({ allocationId, ...request }) => ({
      ...{ region, allocator, ...request },
      allocationId: idFor(allocationId),
    }));
  }

  /** If no allocator can tell now, what else is known is shown. */
  private async streamsOf(region: string) {
    try {
      const answer = await answered(ask(this.bus, endpoints.streams, { region }, {}), region);
      if (answer.status === 'refused') return UNTOLD;
      const { streams, missing, servers } = answer;
      return { streams, missing, servers };
    } catch (error) {
      if (error instanceof Problem) return UNTOLD;
      throw error;
    }
  }
}
