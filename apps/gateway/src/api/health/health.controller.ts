import { healthAnswer, notReadyAnswer, readyAnswer } from '#http-api';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { OpenToAll } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { Readiness } from './readiness.js';

@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Describes({
    summary: 'Says that the process is up',
    detail: 'Whoever asks this decides on restarting it.',
    answers: { 200: healthAnswer },
  })
  @OpenToAll()
  @Get('healthz')
  healthz() {
    return { status: 'ok' };
  }

  @Describes({
    summary: 'Says whether requests can be served',
    detail: 'Whoever asks this decides on sending them here.',
    answers: { 200: readyAnswer, 503: notReadyAnswer },
  })
  @OpenToAll()
  @Get('readyz')
  readyz(@Res({ passthrough: true }) reply: FastifyReply) {
    const reasons = this.readiness.reasons();
    if (reasons.length === 0) return { status: 'ready' };
    void reply.code(503);
    return { status: 'not ready', reasons };
  }
}
