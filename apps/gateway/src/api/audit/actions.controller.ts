import { actionsAnswer } from '#http-api';
import { actionsFilter, slotsSubject, token, type Action } from '#wire';
import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Describes } from '../../openapi/describes.js';
import { historyOf } from '../events/history.js';
import { pageOf } from '../paging.js';
import { Regions } from '../slots/regions.js';
import { pageOfBoth, placeIn, type Found } from './action-page.js';
import { actionsIn, type Wanted } from './actions.js';
import { IndexedActions } from './indexed-actions.js';
import { Scans } from './scans.js';
import { SettingChanges } from './setting-changes.js';

const actionsQuery = pageOf({
  region: token,
  ...actionsFilter.shape,
  requests: z
    .enum(['none', 'all'])
    .default('none')
    .describe('`all`: also requests for servers that were given one'),
});

/** What people and programs have asked for, and why. */
@Controller('v1/audit')
export class ActionsController {
  constructor(
    private readonly regions: Regions,
    private readonly scans: Scans,
    private readonly index: IndexedActions,
    private readonly settings: SettingChanges,
  ) {}

  @Describes({
    summary: 'Lists what was done because somebody asked for it, oldest first',
    detail:
      'To slots: ends of sessions, drains, maintenance, repairs and retirements, with who asked and why. ' +
      'And changes of fleets, build configurations, builds and policies: the last 1,024 of each. Found by ' +
      'the index of an auditor and, behind it, in the history; without an auditor in the history alone, ' +
      'of which each page reads a limited part: as long as there is a `next`, there may be more.',
    answers: { 200: actionsAnswer },
    refusals: ['unknown-region'],
    reads: true,
  })
  @Requires('audit')
  @Get('actions')
  async list(@Query(new SchemaPipe(actionsQuery)) query: z.output<typeof actionsQuery>) {
    const { region, after, requests, ...filter } = query;
    const wanted = { ...filter, requests: requests === 'all' };
    const before = placeIn(after);
    const found = await this.ofSlots(region, wanted, before.sequence);
    const changes = await this.scans.run(() => this.settings.find(region, wanted, before.at));
    return pageOfBoth(found, changes, before, filter.limit);
  }

  private async ofSlots(region: string, wanted: Wanted, behind: number): Promise<Found> {
    const histories = this.regions.historiesOf(region);
    const { limit, since = 0 } = wanted;
    const indexed = await this.index.find(region, wanted, behind);
    if (indexed !== undefined && (!indexed.isWhole || indexed.actions.length === limit)) {
      return pageOfIndex(indexed.actions);
    }
    const readTo = Math.max(behind, indexed?.readTo ?? 0);
    const known = indexed?.actions ?? [];
    const from = readTo > 0 ? { sequence: readTo + 1 } : { at: since };
    const history = historyOf(histories, slotsSubject(region), from);
    const rest = { ...wanted, limit: limit - known.length };
    const found = await this.scans.run(() => actionsIn(history, rest));
    return { ...found, actions: [...known, ...found.actions] };
  }
}

/** A page that the index has filled. */
function pageOfIndex(actions: readonly Action[]): Found {
  const last = actions.at(-1);
  return { actions, next: last && String(last.sequence), readTo: last?.at ?? null };
}
