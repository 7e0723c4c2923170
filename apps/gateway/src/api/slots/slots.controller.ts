import { eventsAnswer, listedStatus, slotAnswer, slotsAnswer } from '#http-api';
import { TOKEN, slotNamed } from '#wire';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { eventsOf } from '../events/history.js';
import { limit, pageOf } from '../paging.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { knownSlot, unknownSlot } from './known-slot.js';
import { Regions } from './regions.js';
import { SlotView } from './slot-view.js';
import { slotJson } from './slot-json.js';

const slotsQuery = pageOf({
  region: z.string().regex(TOKEN).optional(),
  fleet: z.string().optional(),
  status: listedStatus.optional(),
});

const eventsQuery = z.strictObject({
  limit,
  /** The sequence of the last event that was read. */
  after: z.coerce.number().int().nonnegative().default(0),
  last: limit.unwrap().optional().describe('only so many of the last ones, which makes no pages'),
});

@Controller('v1/slots')
export class SlotsController {
  constructor(
    private readonly view: SlotView,
    private readonly regions: Regions,
  ) {}

  @Describes({
    summary: 'Lists the slots',
    answers: { 200: slotsAnswer },
    refusals: ['unknown-region'],
    reads: true,
  })
  @Requires('observe')
  @Get()
  list(@Query(new SchemaPipe(slotsQuery)) query: z.output<typeof slotsQuery>) {
    const { limit, after, ...filter } = query;
    if (filter.region === undefined) this.regions.requireAll();
    else this.regions.logOf(filter.region);
    const { entries, next } = this.view.page(filter, after, limit);
    return { slots: entries.map(slotJson), next };
  }

  @Describes({
    summary: 'Shows a slot',
    answers: { 200: slotAnswer },
    refusals: ['unknown-slot', 'unknown-region'],
    reads: true,
  })
  @Requires('observe')
  @Get(':id')
  get(@Param('id') id: string) {
    return slotJson(knownSlot(id, this.view, this.regions));
  }

  @Describes({
    summary: 'Lists the events of a slot, oldest first',
    answers: { 200: eventsAnswer },
    refusals: ['unknown-slot', 'unknown-region'],
    reads: true,
  })
  @Requires('audit')
  @Get(':id/events')
  async events(
    @Param('id') id: string,
    @Query(new SchemaPipe(eventsQuery)) query: z.output<typeof eventsQuery>,
  ) {
    const ref = slotNamed(id);
    if (ref === undefined) throw unknownSlot(id);
    const page = await eventsOf(this.regions.historiesOf(ref.region), ref, query);
    if (page.events.length === 0 && this.view.get(id) === undefined) throw unknownSlot(id);
    return page;
  }
}
