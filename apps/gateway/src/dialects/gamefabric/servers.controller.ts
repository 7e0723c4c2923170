import {
  keepAliveBody,
  registrationBody,
  serverAddress,
  type KeepAliveBody,
  type RegistrationBody,
} from '#wire';
import { Body, Controller, Delete, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { RequiresInProject } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import type { ProblemCode } from '../../http/errors.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { VendorBody } from '../vendor-body.js';
import { deregisteredAnswer, registeredAnswer } from './gamefabric.schema.js';
import { Registrations } from './registrations.js';

const ASKING: readonly ProblemCode[] = ['no-registrar', 'not-ready', 'timed-out', 'bad-answer'];

/** Servers that register themselves, with GameFabric's API. */
@Controller('servers')
export class ServersController {
  constructor(private readonly registrations: Registrations) {}

  @Describes({
    summary: 'Registers a game server that waits for players (GameFabric)',
    detail:
      'Registering an address again is always accepted: with the same token it is the same server, with another token it is a new server that replaces it.',
    answers: { 201: registeredAnswer },
    refusals: ['callback-forbidden', 'too-many-servers', ...ASKING],
  })
  @RequiresInProject('register')
  @Post()
  async register(@Body(new VendorBody(registrationBody)) body: RegistrationBody) {
    const { status: _, ...registered } = await this.registrations.register(body);
    return registered;
  }

  @Describes({
    summary: 'Keeps a registration alive',
    detail:
      'With 404 a server learns that it is no longer registered, usually because it was allocated.',
    answers: { 200: registeredAnswer },
    refusals: ['unknown-server', ...ASKING],
  })
  @RequiresInProject('register')
  @Post(':address/keepalive')
  @HttpCode(HttpStatus.OK)
  async keepAlive(
    @Param('address', new SchemaPipe(serverAddress)) address: string,
    @Body(new VendorBody(keepAliveBody)) body: KeepAliveBody,
  ) {
    const { status: _, ...kept } = await this.registrations.keepAlive({ ...body, address });
    return kept;
  }

  @Describes({
    summary: 'Deregisters a game server that ends',
    detail: 'If it has a session, the session ends.',
    answers: { 200: deregisteredAnswer },
    refusals: ['unknown-server', ...ASKING],
  })
  @RequiresInProject('register')
  @Delete(':address')
  async deregister(@Param('address', new SchemaPipe(serverAddress)) address: string) {
    const { status: _, ...gone } = await this.registrations.deregister({ address });
    return gone;
  }
}
