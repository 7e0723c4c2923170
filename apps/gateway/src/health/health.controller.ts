import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Readiness } from './readiness.js';

@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process is up; who asks this decides on restarting it. */
  @Get('healthz')
  healthz() {
    return { status: 'ok' };
  }

  /** Requests can be served; who asks this decides on sending them here. */
  @Get('readyz')
  readyz(@Res({ passthrough: true }) reply: FastifyReply) {
    const reasons = this.readiness.reasons();
    if (reasons.length === 0) return { status: 'ready' };
    void reply.code(503);
    return { status: 'not ready', reasons };
  }
}
