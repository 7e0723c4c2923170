import { HttpException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Readable } from 'node:stream';

export const FILE_TYPE = 'application/octet-stream';

/** Paths to which files are sent; all others take JSON. */
const TAKE_FILES = new Set(['/v1/builds/:id/files/:digest']);

/** A body as its bytes, of any number; the route reads them as they come. */
export class FileBody {
  constructor(readonly content: Readable) {}
}

/** Leaves bodies of `FILE_TYPE` to the routes that take them. */
export function leaveFileBodies(server: FastifyInstance): void {
  server.addContentTypeParser(FILE_TYPE, ({ routeOptions: { url = '' } }, content, done) => {
    if (TAKE_FILES.has(url)) done(null, new FileBody(content));
    else done(new HttpException('this takes no files', 415));
  });
}
