import { JsonText } from '#json';
import { SHORTAGES, allocationRequest, parse } from '#wire';
import { Body, Controller, Headers, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequiresInProject } from '../../auth/requires.js';
import { Allocations } from '../../api/allocations/allocations.js';
import { hangUpOf } from '../../api/allocations/hang-up.js';
import { idOf } from '../../api/allocations/idempotency-key.js';
import { Describes } from '../../openapi/describes.js';
import { GameFabricFleets } from './gamefabric-fleets.js';
import { VendorBody } from '../vendor-body.js';
import {
  gameFabricAnswer,
  gameFabricRequest,
  type GameFabricRequest,
} from './gamefabric.schema.js';

/** GameFabric's allocator API, according to its documents and its published client. */
@Controller()
export class GameFabricController {
  constructor(
    private readonly allocations: Allocations,
    private readonly served: GameFabricFleets,
  ) {}

  @Describes({
    summary: 'Allocates a game server (GameFabric)',
    answers: { 200: gameFabricAnswer },
    refusals: [...SHORTAGES, 'callback-failed', 'timed-out', 'ended'],
    asks: true,
  })
  @RequiresInProject('allocate')
  @Post('allocate')
  @HttpCode(200)
  async allocate(
    @Body(new VendorBody(gameFabricRequest)) { region, attributes, payload }: GameFabricRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = parse(allocationRequest, {
      region,
      fleets: this.served.fleets,
      attributes,
      payload: payload ?? JsonText.null,
      allocationId: idOf(undefined, key),
    });
    const allocation = await this.allocations.allocate(request, hangUpOf(reply));
    const { address, ip, ports, token, payload: answer } = allocation;
    return {
      ...{ address, ip, ports },
      // A server that registered without a callback has no token.
      ...(token !== '' && { token }),
      ...(answer.text !== 'null' && { payload: answer }),
    };
  }
}
