import type { FastifyInstance } from 'fastify';
import type { TokenMint } from '../token-mint.js';

export function tokenRoutes(app: FastifyInstance, mint: TokenMint): void {
  for (const path of ['/token', '/v1/payload/token', '/v4/token']) {
    app.get(path, async () => ({ token: await mint.token(), error: '' }));
  }
}
