import { eventAnswer } from '#http-api';
import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { EventStreams } from './event-streams.js';

const streamQuery = z.strictObject({
  /** Like the header `Last-Event-ID`, for clients that cannot set headers. */
  after: z.string().max(8_192).optional(),
});

@Controller('v1/events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  @Describes({
    summary: 'Streams events as they happen',
    detail:
      'Server-sent events; the `data` of each is an Event. A client that reconnects with ' +
      '`Last-Event-ID`, or `after`, continues where it stopped.',
    answers: {
      200: {
        mediaType: 'text/event-stream',
        says: 'Events, until the client disconnects.',
        schema: eventAnswer,
      },
    },
    refusals: ['too-many-clients', 'too-many-streams'],
    reads: true,
  })
  @Requires('audit')
  @Get()
  stream(
    @Headers('last-event-id') lastEventId: string | undefined,
    @Query(new SchemaPipe(streamQuery)) query: z.output<typeof streamQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const cursor = this.streams.cursor(lastEventId ?? query.after);
    if (request.method === 'HEAD') return void reply.send();
    reply.hijack();
    this.streams.serve(reply.raw, cursor);
  }
}
