import type { RequestMethod, Type } from '@nestjs/common';

/*
 * Where Nest's decorators store their arguments: not a public interface, but the only place with
 * all data of a route. `nest-keys.spec.ts` checks these keys against the installed version.
 */
const KEYS = {
  path: 'path',
  method: 'method',
  status: '__httpCode__',
  parameters: '__routeArguments__',
} as const;

/** Kinds of a handler's parameters. */
export const KIND = { body: '3', query: '4', param: '5', headers: '6' } as const;

export interface DeclaredParameter {
  /** The name that was passed to the decorator. */
  readonly data?: unknown;
  readonly pipes: readonly unknown[];
}

/** The paths of a controller or a handler. */
export function pathsIn(target: object): readonly string[] {
  const paths = (Reflect.getMetadata(KEYS.path, target) ?? '') as string | readonly string[];
  return [paths].flat();
}

/** Undefined if it is not the handler of a route. */
export function methodIn(handler: object): RequestMethod | undefined {
  return Reflect.getMetadata(KEYS.method, handler) as RequestMethod | undefined;
}

/** Undefined if no status is declared. */
export function statusIn(handler: object): number | undefined {
  return Reflect.getMetadata(KEYS.status, handler) as number | undefined;
}

/** The parameters of a handler that are of this kind. */
export function parametersIn(
  controller: Type,
  name: string,
  kind: (typeof KIND)[keyof typeof KIND],
): readonly DeclaredParameter[] {
  const declared = (Reflect.getMetadata(KEYS.parameters, controller, name) ?? {}) as Record<
    string,
    DeclaredParameter
  >;
  return Object.entries(declared)
    .filter(([key]) => key.startsWith(`${kind}:`))
    .map(([, parameter]) => parameter);
}
