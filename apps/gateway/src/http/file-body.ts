import { HttpException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';

export const FILE_TYPE = 'application/octet-stream';

/** Paths to which files are sent; all others take JSON. */
const TAKE_FILES = new Set(['/v1/builds/:id/files/:digest']);

/** A body as its bytes, of any number; the route reads them as they come. */
export class FileBody {
  constructor(readonly content: Readable) {}
}

/** Whether a request sends a file to a route that takes one. */
export function sendsFile({ headers, routeOptions: { url = '' } }: FastifyRequest): boolean {
  const [type = ''] = headers['content-type']?.split(';', 1) ?? [];
  return TAKE_FILES.has(url) && type.trim().toLowerCase() === FILE_TYPE;
}

/** Leaves bodies of `FILE_TYPE` to the routes that take them. */
export function leaveFileBodies(server: FastifyInstance): void {
  server.addContentTypeParser(FILE_TYPE, ({ routeOptions: { url = '' } }, content, done) => {
    if (TAKE_FILES.has(url)) done(null, new FileBody(content));
    else done(new HttpException('this takes no files', 415));
  });
}
