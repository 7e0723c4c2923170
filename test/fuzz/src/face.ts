import { multiplayErrors } from '../../../apps/gateway/src/dialects/multiplay/multiplay.errors.js';

/** One API of the gateway, and the required form of its errors. */
export interface FuzzedFace {
  readonly name: string;
  owns(path: string): boolean;
  isRefusal(mediaType: string, body: unknown): boolean;
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';

function fields(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

/** A problem of the native API; also used before it is known which API a request is for. */
export function isProblem(mediaType: string, body: unknown): boolean {
  const { type, title, status, detail, code, requestId } = fields(body);
  return (
    mediaType === 'application/problem+json' &&
    [type, title, detail, code, requestId].every(isText) &&
    typeof status === 'number'
  );
}

const under =
  (...prefixes: readonly string[]) =>
  (path: string) =>
    prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));

const gameFabric: FuzzedFace = {
  name: 'gamefabric',
  owns: under('/allocate', '/servers'),
  isRefusal: (mediaType, body) => mediaType === 'application/json' && isText(fields(body)['error']),
};

const multiplay: FuzzedFace = {
  name: 'multiplay',
  owns: (path) => multiplayErrors.owns(path),
  isRefusal(mediaType, body) {
    const { title, status, requestId } = fields(body);
    const isWhole = isText(title) && isText(requestId) && typeof status === 'number';
    return mediaType === 'application/problem+json' && isWhole;
  },
};

const native: FuzzedFace = { name: 'native', owns: () => true, isRefusal: isProblem };

/**
 * The API that owns the fewest paths comes first; the native one, which owns all paths, comes last.
 */
export const FACES: readonly FuzzedFace[] = [gameFabric, multiplay, native];

export function faceOf(path: string): FuzzedFace {
  return FACES.find((face) => face.owns(path)) ?? native;
}
