import { outputAnswer, usageAnswer } from '#http-api';
import { Bus } from '#kernel';
import { ask } from '#rpc';
import { endpoints, logRequest } from '#wire';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Describes } from '../../openapi/describes.js';
import { knownSlot } from '../slots/known-slot.js';
import { Regions } from '../slots/regions.js';
import { SlotView } from '../slots/slot-view.js';
import { fromAgent } from './agent-answers.js';

const { lines, after } = logRequest.shape;

const outputQuery = z.strictObject({
  lines: z.coerce.number().pipe(lines.unwrap()).default(lines.parse(undefined)),
  after: z.coerce.number().pipe(after.unwrap()).optional(),
});

/** What the processes of a slot use and write, as measured and kept by their agent. */
@Controller('v1/slots')
export class UsageController {
  constructor(
    private readonly bus: Bus,
    private readonly view: SlotView,
    private readonly regions: Regions,
  ) {}

  @Describes({
    summary: "Shows what a slot's processes use of their machine",
    detail:
      'The agent measures the game, and all processes that it has started, every few seconds.',
    answers: { 200: usageAnswer },
    refusals: ['unknown-slot', 'unknown-region', 'bad-answer', 'not-ready'],
    reads: true,
  })
  @Requires('observe')
  @Get(':id/usage')
  async usage(@Param('id') id: string): Promise<z.output<typeof usageAnswer>> {
    const { slot, ...agent } = knownSlot(id, this.view, this.regions).ref;
    const { slots } = await fromAgent(ask(this.bus, endpoints.usage, agent, { slot }));
    return { slot: id, usage: slots[slot] ?? null };
  }

  @Describes({
    summary: 'Shows what the games of a slot have written: the last lines, or what came after',
    detail:
      'With `after`, the `to` of an earlier answer, it is what was written since. 256 KiB at most. Games may write anything, so operators alone read it.',
    answers: { 200: outputAnswer },
    refusals: ['unknown-slot', 'unknown-region', 'bad-answer', 'not-ready'],
    reads: true,
  })
  @Requires('operate')
  @Get(':id/output')
  async output(
    @Param('id') id: string,
    @Query(new SchemaPipe(outputQuery)) wanted: z.output<typeof outputQuery>,
  ): Promise<z.output<typeof outputAnswer>> {
    const { ref } = knownSlot(id, this.view, this.regions);
    const { chunk } = await fromAgent(ask(this.bus, endpoints.logs, ref, wanted));
    return { slot: id, ...chunk };
  }
}
