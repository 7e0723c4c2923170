import { agentNamed, directionBody, slotNamed, type DirectionBody } from '#wire';
import { Body, Controller, HttpCode, HttpStatus, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Problem } from '../problems.js';
import { SchemaPipe } from '../schema.pipe.js';
import { Directions } from './directions.js';

/** What operators ask of one slot, or of all slots that an agent has now. */
@Controller('v1')
export class DirectionsController {
  constructor(private readonly directions: Directions) {}

  /** 200: done; 202: recorded, and done when the session is over; 409: refused, saying why. */
  @Post('slots/:id/directions')
  @HttpCode(HttpStatus.OK)
  async directSlot(
    @Param('id') id: string,
    @Body(new SchemaPipe(directionBody)) body: DirectionBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const ref = slotNamed(id);
    if (ref === undefined) throw unknown(`there is no slot ${id}; slots are region.agent.slot`);
    const [outcome] = await this.directions.direct({ ...ref, ...body });
    if (outcome === undefined) throw unknown(`there is no slot ${id}`);
    if (outcome.outcome === 'refused') {
      throw new Problem(409, outcome.code ?? 'refused', outcome.message ?? 'refused');
    }
    if (outcome.outcome === 'pending') void reply.status(HttpStatus.ACCEPTED);
    return outcome;
  }

  /** 200 with an outcome for each slot, refused ones among them. */
  @Post('agents/:id/directions')
  @HttpCode(HttpStatus.OK)
  async directAgent(
    @Param('id') id: string,
    @Body(new SchemaPipe(directionBody)) body: DirectionBody,
  ) {
    const ref = agentNamed(id);
    if (ref === undefined) throw unknown(`there is no agent ${id}; agents are region.agent`);
    return { agent: id, slots: await this.directions.direct({ ...ref, ...body }) };
  }
}

function unknown(detail: string): Problem {
  return new Problem(404, 'unknown-slot', detail);
}
