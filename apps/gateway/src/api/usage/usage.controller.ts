import { usageAnswer } from '#http-api';
import { Bus, DeadlinePassed, NobodyListens } from '#kernel';
import { ask } from '#rpc';
import type { SlotRef } from '#slot';
import { endpoints, slotNamed } from '#wire';
import { Controller, Get, Param } from '@nestjs/common';
import type { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { Problem, notReady } from '../../http/problems.js';
import { Regions } from '../slots/regions.js';
import { SlotView } from '../slots/slot-view.js';

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
    const ref = slotNamed(id);
    if (ref !== undefined) this.regions.logOf(ref.region);
    if (ref === undefined || this.view.get(id) === undefined) {
      throw new Problem(404, 'unknown-slot', `there is no slot ${id}; slots are region.agent.slot`);
    }
    const { slot } = ref;
    const answer = await this.ask(ref);
    if (answer.status === 'refused') throw new Problem(502, 'bad-answer', answer.message);
    return { slot: id, usage: answer.slots[slot] ?? null };
  }

  private async ask({ region, agent, slot }: SlotRef) {
    try {
      return await ask(this.bus, endpoints.usage, { region, agent }, { slot });
    } catch (error) {
      if (error instanceof NobodyListens || error instanceof DeadlinePassed) {
        throw notReady(
          'the agent of the slot does not answer; `berth agents` shows whether it is lost',
        );
      }
      throw error;
    }
  }
}
