import { allocationRequest, parse } from '#wire';
import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { Allocations } from '../allocations/allocations.js';
import { idOf } from '../allocations/idempotency-key.js';
import { SchemaPipe } from '../schema.pipe.js';
import { gameFabricRequest, type GameFabricRequest } from './gamefabric.schema.js';

/** GameFabric's allocator, as its documents and its published client show it. */
@Controller()
export class GameFabricController {
  constructor(private readonly allocations: Allocations) {}

  @Post('allocate')
  @HttpCode(200)
  async allocate(
    @Body(new SchemaPipe(gameFabricRequest)) { region, attributes, payload }: GameFabricRequest,
    @Headers('idempotency-key') key: string | undefined,
  ) {
    const request = parse(allocationRequest, {
      region,
      attributes,
      payload: payload ?? null,
      allocationId: idOf(undefined, key),
    });
    const allocation = await this.allocations.allocate(request);
    const { address, ip, ports, token, payload: answer } = allocation;
    return { address, ip, ports, token, ...(answer !== null && { payload: answer }) };
  }
}
