import { allocationStoryAnswer, choicesAnswer, forgottenAnswer, slotThenAnswer } from '#http-api';
import { fullAllocationId, slotNamed, token } from '#wire';
import { Controller, Delete, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Problem } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Describes } from '../../openapi/describes.js';
import { hangUpOf } from '../allocations/hang-up.js';
import { instant } from '../paging.js';
import { Payloads } from '../payloads/payloads.js';
import { Regions } from '../slots/regions.js';
import { AllocationStories } from './allocation-stories.js';
import { slotThen } from './slot-then.js';

const whereQuery = z.strictObject({
  region: token.optional().describe('the region of the request; all are searched if missing'),
});

const thenQuery = z.strictObject({
  at: instant.describe('the instant; epoch ms'),
});

const forgetQuery = whereQuery.extend({
  reason: z.string().min(1).max(1024).describe('why; it is recorded'),
});

/** What the kept history says of one thing. */
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly regions: Regions,
    private readonly stories: AllocationStories,
    private readonly payloads: Payloads,
  ) {}

  @Describes({
    summary: 'Shows a slot as it was at an instant',
    detail:
      'Read from the log and the archive, so also of a slot that is gone. Its session is shown without ' +
      'the token, and payloads only to tokens with the scope `allocate`.',
    answers: { 200: slotThenAnswer },
    refusals: ['unknown-slot', 'unknown-region'],
    reads: true,
  })
  @Requires('audit')
  @Get('slots/:id')
  async slot(
    @Param('id') id: string,
    @Query(new SchemaPipe(thenQuery)) { at }: z.output<typeof thenQuery>,
  ) {
    const ref = slotNamed(id);
    const then = ref && (await slotThen(this.regions.historiesOf(ref.region), ref, at));
    if (then === undefined) {
      throw new Problem(404, 'unknown-slot', `nothing is kept of a slot ${id} at that time`);
    }
    return then;
  }

  @Describes({
    summary: 'Tells everything of one request: who asked, each slot that was tried, and the end',
    detail:
      'Also of a request that was never served, for a day, and of sessions for as long as history is ' +
      'kept. Payloads are shown only to tokens with the scope `allocate`. What is long ago takes ' +
      'seconds to find.',
    answers: { 200: allocationStoryAnswer },
    refusals: ['unknown-allocation', 'unknown-region'],
    reads: true,
  })
  @Requires('audit')
  @Get('allocations/:id')
  async allocation(
    @Param('id', new SchemaPipe(fullAllocationId)) id: string,
    @Query(new SchemaPipe(whereQuery)) { region }: z.output<typeof whereQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const story = await this.storyOf(id, region, hangUpOf(reply));
    return this.payloads.inStory(story);
  }

  @Describes({
    summary: "Forgets a request's payload and the game's answer",
    detail:
      'Destroys the key that they are encrypted with, for good: neither the log nor its archive nor a ' +
      'copy of them can be read again. The history stays as provable as before, and says who asked for ' +
      'it and why. A session that runs goes on. Doing so twice is no error.',
    answers: { 200: forgottenAnswer },
    refusals: ['unknown-allocation', 'unknown-region', 'not-encrypted'],
    asks: true,
  })
  @Requires('operate')
  @Delete('allocations/:id/payload')
  async forget(
    @Param('id', new SchemaPipe(fullAllocationId)) id: string,
    @Query(new SchemaPipe(forgetQuery)) { region, reason }: z.output<typeof forgetQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const story = await this.storyOf(id, region, hangUpOf(reply));
    return this.payloads.forget(story, reason);
  }

  @Describes({
    summary: 'Tells why a request got its slot',
    detail:
      'What was recorded of the choice, and the ranking at that moment computed anew from the history ' +
      'of the region, which takes seconds for each hundred thousand events.',
    answers: { 200: choicesAnswer },
    refusals: ['unknown-allocation', 'unknown-region'],
    reads: true,
  })
  @Requires('audit')
  @Get('allocations/:id/why')
  async why(
    @Param('id', new SchemaPipe(fullAllocationId)) id: string,
    @Query(new SchemaPipe(whereQuery)) { region }: z.output<typeof whereQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const gone = hangUpOf(reply);
    const story = await this.storyOf(id, region, gone);
    const choices = await this.stories.why(story, gone);
    return { allocationId: id, region: story.region, choices };
  }

  private async storyOf(id: string, region: string | undefined, gone: AbortSignal) {
    if (region === undefined) this.regions.requireAll();
    const story = await this.stories.find(this.regions.shown(region), id, gone);
    if (story === undefined) throw unknown(id);
    return story;
  }
}

function unknown(id: string): Problem {
  const detail = `no kept event mentions ${id}, and no refusal of it is kept`;
  return new Problem(404, 'unknown-allocation', detail, { allocationId: id });
}
