import { multiplayErrors } from '../../../apps/gateway/src/dialects/multiplay/multiplay.errors.js';

/** One API of the gateway, and how it must say no. */
export interface FuzzedFace {
  readonly name: string;
  owns(path: string): boolean;
  isRefusal(mediaType: string, body: unknown): boolean;
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';

function fields(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

/** The native API's problems; also what is said before anybody knows which face was meant. */
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

/** Those that own less stand before those that own more. */
export const FACES: readonly FuzzedFace[] = [gameFabric, multiplay, native];

export function faceOf(path: string): FuzzedFace {
  return FACES.find((face) => face.owns(path)) ?? native;
}
