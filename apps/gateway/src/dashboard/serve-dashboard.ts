import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder into which Vite builds the page. */
const BUILT = fileURLToPath(new URL('../../../../dashboard/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/**
 * Allows the page's own scripts and styles and this gateway's API, and nothing from other hosts.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The name of a built file changes with its content, so it can be cached for ever. */
const FOR_EVER = 'public, max-age=31536000, immutable';

interface BuiltFile {
  readonly type: string;
  readonly content: Buffer;
}

/**
 * Serves the dashboard: at `/` for browsers, with its files below `/dashboard/`. It is open to
 * everyone, since it reveals nothing about a fleet; it asks the API for its data, with the viewer's
 * token. If it has not been built, nothing is served.
 *
 * @param folder the folder that Vite has built
 */
export async function serveDashboard(app: NestFastifyApplication, folder = BUILT): Promise<void> {
  const files = await readBuilt(folder);
  const page = files.get('index.html');
  if (page === undefined) return;
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, next) => {
    const { method, url, headers } = request;
    const isForBrowser = headers.accept?.includes('text/html') === true;
    if (method !== 'GET' || url.split('?')[0] !== '/' || !isForBrowser) return next();
    void send(reply, page, 'no-cache');
  });
  for (const [path, file] of files) {
    server.get(`/dashboard/${path}`, { config: { needs: 'nothing' } }, (_request, reply) =>
      send(reply, file, FOR_EVER),
    );
  }
}

function send(reply: FastifyReply, { type, content }: BuiltFile, caching: string): FastifyReply {
  return reply
    .header('content-type', type)
    .header('cache-control', caching)
    .header('vary', 'accept')
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('referrer-policy', 'no-referrer')
    .send(content);
}

/** The files by their paths in the folder; empty if there is no such folder. */
async function readBuilt(folder: string): Promise<ReadonlyMap<string, BuiltFile>> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = new Map<string, BuiltFile>();
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    files.set(name.replaceAll('\\', '/'), { type, content: await readFile(join(folder, name)) });
  }
  return files;
}
