import { EXCHANGED_S, SCOPE_NAMES, credentialsIn } from '#auth';
import { Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { Access } from '../../auth/access.js';
import { currentCaller } from '../../auth/caller.js';
import { RequiresInProject } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { Problem } from '../../http/problems.js';

const answer = z
  .object({ accessToken: z.string().describe(`a JSON Web Token, valid for ${EXCHANGED_S} s`) })
  .meta({ id: 'MultiplayAccessToken' });

/**
 * Multiplay's service accounts: exchanges the id and secret of an access token for a short-lived
 * one.
 */
@Controller('auth/v1/token-exchange')
export class MultiplayTokenController {
  constructor(private readonly access: Access) {}

  /** The gate has already let the caller in; this only issues the token. */
  @Describes({
    summary: "Exchanges an access token's id and secret for a JSON Web Token (Multiplay)",
    detail:
      'Both are sent as `Authorization: Basic`. The JSON Web Token allows the same as the access token.',
    answers: { 201: answer },
  })
  @RequiresInProject(...SCOPE_NAMES)
  @Post()
  @HttpCode(201)
  async exchange(@Headers('authorization') header = '') {
    const credentials = credentialsIn(header);
    if (credentials === undefined || credentials.id === null) {
      const detail = "send an access token's id and secret, as name and password of Basic";
      throw new Problem(401, 'unauthorized', detail, {
        headers: { 'www-authenticate': 'Basic realm="berth"' },
      });
    }
    const { id, secret } = credentials;
    const caller = currentCaller();
    const scopes = SCOPE_NAMES.filter((scope) => caller.may(scope));
    return { accessToken: await this.access.exchange({ id, secret }, scopes) };
  }
}
