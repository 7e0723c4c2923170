import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** For how long a browser need not ask again, in seconds. */
const PREFLIGHT_S = 600;

/**
 * Lets pages of these origins use the API; of no others, for without the headers no browser lets a
 * page read an answer, or send JSON. Cookies are never taken, so there is nothing to forge.
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
