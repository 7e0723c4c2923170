import { HttpException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { pathOf } from './path.js';

/**
 * Greatest nesting of lists and objects: far more than a request needs, far less than the stack
 * allows.
 */
const DEPTH_MAX = 64;

const JSON_TYPE = 'application/json';

const OPENING = new Set(['[', '{'].map((sign) => sign.charCodeAt(0)));
const CLOSING = new Set([']', '}'].map((sign) => sign.charCodeAt(0)));
const [QUOTE, BACKSLASH] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)];

/**
 * A body as unparsed text. The route's schema parses it, since only the schema knows which parts
 * are carried unparsed.
 */
export class JsonBody {
  constructor(readonly text: string) {}
}

/**
 * Reads bodies as JSON in UTF-8, with a bounded depth. A body without a media type counts as JSON,
 * because Go's clients send none by default.
 *
 * @param anyType whether bodies sent to a path count as JSON whatever their media type, as vendors'
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
    // No route takes a body with DELETE, but Multiplay's clients send one.
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

/** Checks the depth on the bytes, before anything is parsed; the JSON may be invalid. */
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
