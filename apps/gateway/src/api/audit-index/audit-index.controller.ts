import { indexedAllocationsAnswer, indexStateAnswer, indexStatesAnswer } from '#http-api';
import { claimsFilter, token, type ClaimPlace } from '#wire';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { invalid } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Describes } from '../../openapi/describes.js';
import { pageOf } from '../paging.js';
import { Regions } from '../slots/regions.js';
import { AuditIndex } from './audit-index.js';

const allocationsQuery = pageOf({
  region: token,
  ...claimsFilter.shape,
  attempts: z
    .enum(['last', 'all'])
    .default('last')
    .describe('`all`: also each slot that was tried and did not serve the request'),
});

const statesQuery = z.strictObject({ region: token.optional() });

/** Past allocations by time, owner, end and reason, from the index that auditors keep. */
@Controller('v1/audit')
export class AuditIndexController {
  constructor(
    private readonly index: AuditIndex,
    private readonly regions: Regions,
  ) {}

  @Describes({
    summary: 'Lists past and present allocations, latest first',
    detail:
      'From an index that is a moment behind the log: `lagEvents` says how far. `next` stays valid ' +
      'while new allocations come.',
    answers: { 200: indexedAllocationsAnswer },
    refusals: ['unknown-region', 'not-ready', 'timed-out', 'bad-answer'],
  })
  @Requires('audit')
  @Get('allocations')
  async list(@Query(new SchemaPipe(allocationsQuery)) query: z.output<typeof allocationsQuery>) {
    const { region, after, attempts, ...filter } = query;
    this.regions.requireShown(region);
    const { claims, next, lagEvents } = await this.index.find(region, {
      ...filter,
      everyAttempt: attempts === 'all',
      ...(after !== undefined && { after: placeIn(after) }),
    });
    return { allocations: claims, next: next && `${next.requestedAt}.${next.sequence}`, lagEvents };
  }

  @Describes({
    summary:
      'Shows the indexes of past allocations: how large they are, and how far behind the log',
    detail: 'One for each region.',
    answers: { 200: indexStatesAnswer },
    refusals: ['unknown-region', 'not-ready', 'timed-out', 'bad-answer'],
  })
  @Requires('audit')
  @Get('index')
  async states(@Query(new SchemaPipe(statesQuery)) query: z.output<typeof statesQuery>) {
    const shown = this.regions.shown(query.region);
    return { indexes: await Promise.all(shown.map((region) => this.index.state(region))) };
  }

  @Describes({
    summary: 'Builds the index of past allocations anew',
    detail: 'From the archive and the log. The old index answers until the new one has read all.',
    answers: { 202: indexStateAnswer },
    refusals: ['unknown-region', 'not-ready', 'timed-out', 'bad-answer'],
  })
  @Requires('operate')
  @HttpCode(202)
  @Post('index/:region/rebuild')
  rebuild(@Param('region') region: string) {
    this.regions.requireShown(region);
    return this.index.rebuild(region);
  }
}

function placeIn(after: string): ClaimPlace {
  const found = /^(\d{1,15})\.(\d{1,15})$/.exec(after);
  if (found === null) throw invalid('after: must be `next` of the previous page');
  return { requestedAt: Number(found[1]), sequence: Number(found[2]) };
}
