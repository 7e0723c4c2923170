import { fleetAt, fleetDiff } from '#audit';
import { fleetAtAnswer, fleetDiffAnswer, listedStatus } from '#http-api';
import { token } from '#wire';
import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { invalid } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Describes } from '../../openapi/describes.js';
import { instant, pageBehind, pageOf } from '../paging.js';
import { Regions } from '../slots/regions.js';
import { Scans } from './scans.js';

const atQuery = pageOf({
  region: token,
  at: instant.describe('the instant; epoch ms'),
  fleet: token.optional(),
  status: listedStatus.optional(),
});

const diffQuery = pageOf({
  region: token,
  from: instant.describe('the earlier instant; epoch ms'),
  to: instant.describe('the later instant; epoch ms'),
  fleet: token.optional().describe('only of slots that were in this fleet at either instant'),
});

const DETAIL =
  'Read from the last events that the log and the archive keep of each slot, whatever time has passed. ' +
  'Payloads and tokens are never shown.';

/** All slots of a region as they were: who had what, and what became of it. */
@Controller('v1/audit')
export class PastController {
  constructor(
    private readonly regions: Regions,
    private readonly scans: Scans,
  ) {}

  @Describes({
    summary: 'Shows the slots of a region as they were at an instant, and who had them',
    detail: DETAIL,
    answers: { 200: fleetAtAnswer },
    refusals: ['unknown-region', 'not-ready'],
    reads: true,
  })
  @Requires('audit')
  @Get('at')
  async at(@Query(new SchemaPipe(atQuery)) query: z.output<typeof atQuery>) {
    const { region, at, after, limit, ...wanted } = query;
    const sources = await this.regions.pastOf(region);
    return this.scans.run(() => fleetAt(sources, { region, at, wanted, after, limit }));
  }

  @Describes({
    summary: 'Shows the slots that differ between two instants: who had what, then and later',
    detail: `${DETAIL} What is counted is counted over all pages.`,
    answers: { 200: fleetDiffAnswer },
    refusals: ['unknown-region', 'not-ready'],
    reads: true,
  })
  @Requires('audit')
  @Get('diff')
  async diff(@Query(new SchemaPipe(diffQuery)) query: z.output<typeof diffQuery>) {
    const { region, from, to, fleet } = query;
    if (from > to) throw invalid('from: must not be later than `to`');
    const sources = await this.regions.pastOf(region);
    const diff = await this.scans.run(async () => {
      const before = await fleetAt(sources, { region, at: from });
      return fleetDiff(before, await fleetAt(sources, { region, at: to }), fleet);
    });
    const { items: changed, next } = pageBehind(diff.changed, query);
    return { ...diff, changed, next };
  }
}
