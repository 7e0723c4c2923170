import { actionsAnswer } from '#http-api';
import { slotsSubject, token } from '#wire';
import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { invalid } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Describes } from '../../openapi/describes.js';
import { historyOf } from '../events/history.js';
import { instant, pageOf } from '../paging.js';
import { Regions } from '../slots/regions.js';
import { actionsIn } from './actions.js';
import { Scans } from './scans.js';

const actionsQuery = pageOf({
  region: token,
  by: z
    .string()
    .max(256)
    .optional()
    .describe('only of this access token, by its name; or all that was recorded of who asked'),
  requests: z
    .enum(['none', 'all'])
    .default('none')
    .describe('`all`: also requests for servers that were given one'),
  since: instant.default(0).describe('only from this instant on; epoch ms'),
  until: instant.optional().describe('only before this instant; epoch ms'),
});

/** What people and programs have asked for, and why. */
@Controller('v1/audit')
export class ActionsController {
  constructor(
    private readonly regions: Regions,
    private readonly scans: Scans,
  ) {}

  @Describes({
    summary: 'Lists what was done to slots because somebody asked for it, oldest first',
    detail:
      'Ends of sessions, drains, maintenance, repairs and retirements, with who asked and why. Each page ' +
      'reads a limited part of the history: as long as there is a `next`, there may be more.',
    answers: { 200: actionsAnswer },
    refusals: ['unknown-region'],
    reads: true,
  })
  @Requires('audit')
  @Get('actions')
  async list(@Query(new SchemaPipe(actionsQuery)) query: z.output<typeof actionsQuery>) {
    const { region, after, since, requests, ...wanted } = query;
    const histories = this.regions.historiesOf(region);
    const from = after === undefined ? { at: since } : { sequence: sequenceIn(after) + 1 };
    const history = historyOf(histories, slotsSubject(region), from);
    return this.scans.run(() => actionsIn(history, { ...wanted, requests: requests === 'all' }));
  }
}

function sequenceIn(after: string): number {
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw invalid('after: must be `next` of the previous page');
}
