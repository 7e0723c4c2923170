import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where Vite builds the page to. */
const BUILT = fileURLToPath(new URL('../../../../dashboard/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** The page's own scripts and styles, this gateway's API, and nothing of any other host. */
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

/** The name of a built file changes with what is in it. */
const FOR_EVER = 'public, max-age=31536000, immutable';

interface BuiltFile {
  readonly type: string;
  readonly content: Buffer;
}

/**
 * The dashboard: at `/` for browsers, with its files below `/dashboard/`. It is for everybody, as it says
 * nothing of a fleet; what it shows it asks the API for, with the token of who looks. Where it is not
 * built, there is none.
 *
 * @param folder with what Vite has built
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

/** By their paths in the folder; none where there is no such folder. */
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
