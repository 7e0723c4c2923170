import { HttpException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { pathOf } from './path.js';

/** Lists and objects within each other: far more than a request needs, far less than a stack has. */
const DEPTH_MAX = 64;

const JSON_TYPE = 'application/json';

const OPENING = new Set(['[', '{'].map((sign) => sign.charCodeAt(0)));
const CLOSING = new Set([']', '}'].map((sign) => sign.charCodeAt(0)));
const [QUOTE, BACKSLASH] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)];

/**
 * A body as it came. The schema of the route parses it, for it alone knows what of it is carried
 * unread.
 */
export class JsonBody {
  constructor(readonly text: string) {}
}

/**
 * Bodies are JSON in UTF-8, of a bounded depth. One that is not said to be of any type is taken for
 * JSON: Go's clients name none unless told to.
 *
 * @param anyType whether bodies sent to a path are JSON whatever they are said to be, as vendors'
 * services read them
 */
export function readJsonBodies(server: FastifyInstance, anyType: (path: string) => boolean): void {
  server.addHook('onRequest', ({ raw: { headers }, method, url }, _, next) => {
    if (!headers['content-type'] || method === 'DELETE' || anyType(pathOf(url))) {
      headers['content-type'] = JSON_TYPE;
    }
    next();
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  server.removeContentTypeParser([JSON_TYPE, 'text/plain']);
  server.addContentTypeParser<Buffer>(JSON_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    // No route takes one there, and clients of Multiplay's send one nevertheless.
    if (request.method === 'DELETE') return done(null, undefined);
    if (isDeeper(body, DEPTH_MAX)) {
      return done(bad(`a body may have lists and objects ${DEPTH_MAX} deep at most`));
    }
    let text: string;
    try {
      text = decoder.decode(body);
    } catch {
      return done(bad('the body is not UTF-8'));
    }
    done(null, new JsonBody(text));
  });
}

function bad(detail: string): HttpException {
  return new HttpException(detail, 400);
}

/** Looks at bytes only: before anything is parsed, and whatever else may be wrong with them. */
export function isDeeper(json: Uint8Array, depthMax: number): boolean {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < json.length; i += 1) {
    const byte = json[i] ?? 0;
    if (isText) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (OPENING.has(byte) && ++depth > depthMax) return true;
    else if (CLOSING.has(byte)) depth -= 1;
  }
  return false;
}
