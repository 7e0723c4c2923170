import { directedAgentAnswer, directedSlotAnswer } from '#http-api';
import { agentNamed, directionBody, slotNamed, type OperationBody } from '#wire';
import { Body, Controller, HttpCode, HttpStatus, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { isProblemCode } from '../../http/errors.js';
import { Problem } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { SlotOperations } from './slot-operations.js';

/** Operators' directions for one slot, or for all slots that an agent has now. */
@Controller('v1')
export class DirectionsController {
  constructor(private readonly operations: SlotOperations) {}

  /** 200: done; 202: recorded, and done once the session is over; 409: refused, with the reason. */
  @Describes({
    summary: 'Drains or retires a slot, puts it into maintenance, or withdraws that',
    answers: {
      200: directedSlotAnswer.describe('Done.'),
      202: directedSlotAnswer.describe(
        'It is recorded at once. If the slot has a session, it takes effect when the session is over.',
      ),
    },
    refusals: ['unknown-slot', 'not-now', 'refused'],
    asks: true,
  })
  @Requires('operate')
  @Post('slots/:id/directions')
  @HttpCode(HttpStatus.OK)
  async directSlot(
    @Param('id') id: string,
    @Body(new SchemaPipe(directionBody)) body: OperationBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const ref = slotNamed(id);
    if (ref === undefined) throw unknown(`there is no slot ${id}; slots are region.agent.slot`);
    const [outcome] = await this.operations.direct({ ...ref, ...body });
    if (outcome === undefined) throw unknown(`there is no slot ${id}`);
    if (outcome.outcome === 'refused') {
      const { code = 'refused', message = 'the slot refuses' } = outcome;
      throw new Problem(409, isProblemCode(code) ? code : 'refused', message);
    }
    if (outcome.outcome === 'pending') void reply.status(HttpStatus.ACCEPTED);
    return outcome;
  }

  /** 200 with one outcome for each slot, including refused ones. */
  @Describes({
    summary: 'Does the same with every slot that the agent has now',
    answers: { 200: directedAgentAnswer },
    refusals: ['unknown-slot'],
    asks: true,
  })
  @Requires('operate')
  @Post('agents/:id/directions')
  @HttpCode(HttpStatus.OK)
  async directAgent(
    @Param('id') id: string,
    @Body(new SchemaPipe(directionBody)) body: OperationBody,
  ) {
    const ref = agentNamed(id);
    if (ref === undefined) throw unknown(`there is no agent ${id}; agents are region.agent`);
    return { agent: id, slots: await this.operations.direct({ ...ref, ...body }) };
  }
}

function unknown(detail: string): Problem {
  return new Problem(404, 'unknown-slot', detail);
}
