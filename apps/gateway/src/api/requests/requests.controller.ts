import { publishedAnswer, requestAnswer } from '#http-api';
import { allocationId, fullAllocationId, publishedRequest, token } from '#wire';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { fullIdFor, idFor, signed } from '../../auth/caller.js';
import { RequiresInProject } from '../../auth/requires.js';
import { idOf } from '../allocations/idempotency-key.js';
import { Describes } from '../../openapi/describes.js';
import { invalid, Problem } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Regions } from '../slots/regions.js';
import { Requests } from './requests.js';

const publishBody = publishedRequest
  .extend({ allocationId: allocationId.optional(), region: token })
  .meta({ id: 'PublishRequest' });
type PublishBody = z.output<typeof publishBody>;

const whereQuery = z.strictObject({ region: token.optional() });

/** Requests whose requester does not wait: they are served as soon as possible. */
@Controller('v1/requests')
export class RequestsController {
  constructor(
    private readonly requests: Requests,
    private readonly regions: Regions,
  ) {}

  @Describes({
    summary: 'Publishes a request for a game server, to be served as soon as possible',
    detail:
      'It is served within `waitMs` from now, or expires, even if no allocator runs at the time. ' +
      '`GET /v1/requests/{id}` shows its result. Repeating the request changes nothing.',
    answers: { 202: publishedAnswer },
    headers: { Location: 'the URL of its result' },
    refusals: ['shed', 'unknown-region'],
    asks: true,
  })
  @RequiresInProject('allocate')
  @Post()
  @HttpCode(202)
  async publish(
    @Body(new SchemaPipe(publishBody)) body: PublishBody,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { region, allocationId: inBody, ...request } = body;
    this.regions.requireShown(region);
    const id = idOf(inBody, key) ?? this.requests.newId();
    await this.requests.publish(region, {
      ...request,
      by: signed(request.by),
      allocationId: fullIdFor(id),
    });
    void reply.header('location', `/v1/requests/${encodeURIComponent(id)}?region=${region}`);
    return { allocationId: id, region, status: 'pending' };
  }

  @Describes({
    summary: 'Shows the result of a published request',
    detail:
      'The result is kept for a day. Until there is one, the request is `pending`. A request that was put ' +
      'into the queue without this API or the client is unknown until it is answered. If the request ' +
      'was served, the result includes the token, since the requester has got no other answer.',
    answers: { 200: requestAnswer },
    refusals: ['unknown-region', 'unknown-allocation'],
    asks: true,
  })
  @RequiresInProject('allocate')
  @Get(':id')
  async get(
    @Param('id', new SchemaPipe(fullAllocationId)) given: string,
    @Query(new SchemaPipe(whereQuery)) query: z.output<typeof whereQuery>,
  ) {
    const region = query.region ?? this.onlyRegion();
    this.regions.requireShown(region);
    const full = fullIdFor(given);
    const id = idFor(full);
    const result = await this.requests.outcome(region, full);
    if (result === 'unknown') throw neverPublished(id);
    if (result === 'pending') return { allocationId: id, region, status: 'pending' };
    const { publishedAt, answeredAt, answer } = result;
    const which = { allocationId: id, region, publishedAt, answeredAt };
    if (answer.status === 'allocated') {
      const { status, ...allocation } = answer;
      return { ...which, status, allocation: { ...allocation, allocationId: id } };
    }
    const { status, code, message } = answer;
    return { ...which, status, code, message };
  }

  private onlyRegion(): string {
    const [only, ...more] = this.regions.names;
    if (only !== undefined && more.length === 0) return only;
    throw invalid('region: there are several regions here; name one with ?region=');
  }
}

function neverPublished(id: string): Problem {
  const detail = `nothing was published under ${id} in this region within the last day`;
  return new Problem(404, 'unknown-allocation', detail, { allocationId: id });
}
