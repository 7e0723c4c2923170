import {
  keepAliveBody,
  registrationBody,
  serverAddress,
  type KeepAliveBody,
  type RegistrationBody,
} from '#wire';
import {
  Body,
  Controller,
  Delete,
  Headers,
  HttpCode,
  HttpStatus,
  Ip,
  Param,
  Post,
} from '@nestjs/common';
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
      'Registering an address again with the same token is the same server; with another token it is a new server that replaces it. That needs to come from the same network address, the callback token of the server before as `X-Callback-Token`, or the scope `operate`.',
    answers: { 201: registeredAnswer },
    refusals: ['callback-forbidden', 'not-proven', 'too-many-servers', ...ASKING],
  })
  @RequiresInProject('register')
  @Post()
  async register(
    @Body(new VendorBody(registrationBody)) body: RegistrationBody,
    @Ip() from: string,
    @Headers('x-callback-token') proof: string | undefined,
  ) {
    const { status: _, ...registered } = await this.registrations.register(body, { from, proof });
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
    detail:
      'If it has a session, the session ends. The request needs to prove that it is of this server, as when it is replaced.',
    answers: { 200: deregisteredAnswer },
    refusals: ['unknown-server', 'not-proven', ...ASKING],
  })
  @RequiresInProject('register', 'operate')
  @Delete(':address')
  async deregister(
    @Param('address', new SchemaPipe(serverAddress)) address: string,
    @Ip() from: string,
    @Headers('x-callback-token') proof: string | undefined,
  ) {
    const { status: _, ...gone } = await this.registrations.deregister(
      { address },
      { from, proof },
    );
    return gone;
  }
}
