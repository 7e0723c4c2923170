import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** How long a browser may cache a preflight answer (s). */
const PREFLIGHT_S = 600;

/**
 * Lets pages of these origins use the API, and no others: without these headers no browser lets a
 * page read an answer, or send JSON. Cookies are never accepted, so requests cannot be forged with
 * them.
 */
export function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.enableCors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'idempotency-key',
      'if-match',
      'last-event-id',
      'x-request-id',
    ],
    exposedHeaders: ['etag', 'location', 'retry-after', 'x-request-id'],
    maxAge: PREFLIGHT_S,
  });
}
