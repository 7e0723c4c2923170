import { faceOf, type FuzzedFace } from './face.js';

/** A valid use of one route, to start from. */
export interface Sample {
  readonly method: string;
  /** The path as in the document: `/v1/slots/{id}`. */
  readonly path: string;
  /** Names of the query parameters that the route knows. */
  readonly query: readonly string[];
  readonly body: unknown;
}

/** The part of the API document that is read here. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly example?: unknown }>>;
  };
}

/**
 * Every route of an API, from the document that the gateway serves, so that new routes are
 * included.
 */
export function samplesOf(document: ApiDocument, face: FuzzedFace): readonly Sample[] {
  return Object.entries(document.paths)
    .filter(([path]) => faceOf(path) === face)
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { parameters = [], requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        body: impatient(requestBody?.content['application/json']?.example),
      })),
    );
}

/** Removes waiting times: a request that waits for nothing would look like one that hangs. */
function impatient(body: unknown): unknown {
  const isWaiting = typeof body === 'object' && body !== null && 'waitMs' in body;
  return isWaiting ? { ...body, waitMs: 0 } : body;
}
