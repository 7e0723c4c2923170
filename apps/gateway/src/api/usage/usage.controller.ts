import { usageAnswer } from '#http-api';
import { Bus } from '#kernel';
import { ask } from '#rpc';
import { endpoints } from '#wire';
import { Controller, Get, Param } from '@nestjs/common';
import type { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { Regions } from '../slots/regions.js';
import { SlotView } from '../slots/slot-view.js';
import { fromAgent, knownSlot } from './agent-answers.js';

/** The resources that the processes of a slot use, as measured by their agent. */
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
    const { slot, ...agent } = knownSlot(id, this.view, this.regions);
    const { slots } = await fromAgent(ask(this.bus, endpoints.usage, agent, { slot }));
    return { slot: id, usage: slots[slot] ?? null };
  }
}
