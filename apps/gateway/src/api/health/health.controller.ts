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
    summary: 'Shows that the process runs',
    detail: 'For supervisors that restart the process if it does not answer.',
    answers: { 200: healthAnswer },
  })
  @OpenToAll()
  @Get('healthz')
  healthz() {
    return { status: 'ok' };
  }

  @Describes({
    summary: 'Shows whether requests can be served',
    detail: 'For load balancers that decide whether to send requests here.',
    answers: { 200: readyAnswer, 503: notReadyAnswer },
  })
  @OpenToAll()
  @Get('readyz')
  async readyz(@Res({ passthrough: true }) reply: FastifyReply) {
    const reasons = await this.readiness.reasons();
    if (reasons.length === 0) return { status: 'ready' };
    void reply.code(503);
    return { status: 'not ready', reasons };
  }
}
