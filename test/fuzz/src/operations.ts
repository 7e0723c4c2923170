import { faceOf, type FuzzedFace } from './face.js';

/** A way to use one route well, to start from. */
export interface Sample {
  readonly method: string;
  /** As in the document: `/v1/slots/{id}`. */
  readonly path: string;
  /** Names of the query that the route knows. */
  readonly query: readonly string[];
  readonly body: unknown;
}

/** The document of the API, as far as it is read here. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly example?: unknown }>>;
  };
}

/** Every route of a face, from the document that the gateway serves: new ones come by themselves. */
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

/** What may wait, and there is nothing to wait for, would look like what hangs. */
function impatient(body: unknown): unknown {
  const isWaiting = typeof body === 'object' && body !== null && 'waitMs' in body;
  return isWaiting ? { ...body, waitMs: 0 } : body;
}
