import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenApiDocument } from './open-api.js';

/** The path of the page and of everything it loads. */
const EXPLORER_PATH = '/docs';

/** Allows the page's own scripts and styles, and nothing from other hosts. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Berth's name, for the bar at the top of the page. */
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">' +
  '<text y="29" fill="#fff" font-family="sans-serif" font-size="26" font-weight="700">Berth</text></svg>';

/**
 * Serves a page on which each route can be tried. It is open to everyone, since it reveals nothing
 * about a fleet.
 */
export async function serveExplorer(
  app: NestFastifyApplication,
  document: OpenApiDocument,
): Promise<void> {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', (route) => {
      if (route.url.startsWith(EXPLORER_PATH)) route.config = { ...route.config, needs: 'nothing' };
    });
  await app.register(swagger, {
    mode: 'static',
    specification: { document: document as object },
  } as Parameters<typeof swagger>[1]);
  await app.register(swaggerUi, {
    routePrefix: EXPLORER_PATH,
    staticCSP: CONTENT_SECURITY_POLICY,
    theme: { title: 'Berth API' },
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO), href: '/', target: '_self' },
    uiConfig: { validatorUrl: null, persistAuthorization: false },
  });
}
