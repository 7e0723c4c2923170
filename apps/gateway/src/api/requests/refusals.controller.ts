import { refusalsAnswer } from '#http-api';
import { token } from '#wire';
import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { pageOf } from '../paging.js';
import { invalid } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Regions } from '../slots/regions.js';
import { Requests } from './requests.js';

const refusalsQuery = pageOf({
  region: token,
  since: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('only refusals from this instant on; epoch ms'),
});

/** Requests that were refused for lack of servers, so that an operator sees what is missing. */
@Controller('v1/refusals')
export class RefusalsController {
  constructor(
    private readonly requests: Requests,
    private readonly regions: Regions,
  ) {}

  @Describes({
    summary: 'Lists the requests that were refused for lack of servers, oldest first',
    detail:
      'It lists those of the last day. If there are very many at once, some are only counted, not recorded.',
    answers: { 200: refusalsAnswer },
    refusals: ['unknown-region'],
    asks: true,
  })
  @Requires('observe')
  @Get()
  async list(@Query(new SchemaPipe(refusalsQuery)) query: z.output<typeof refusalsQuery>) {
    const { region, since, after, limit } = query;
    this.regions.requireShown(region);
    const from = after === undefined ? { at: since } : { after: sequenceIn(after) };
    // Asks for one more than is shown, to know whether there is another page.
    const found = await this.requests.refusals(region, from, limit + 1);
    const refusals = found.slice(0, limit);
    const last = refusals.at(-1);
    const next = found.length > limit && last !== undefined ? String(last.sequence) : undefined;
    return { refusals, next };
  }
}

function sequenceIn(after: string): number {
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw invalid('after: must be `next` of the previous page');
}
