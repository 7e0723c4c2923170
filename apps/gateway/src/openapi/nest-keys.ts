import type { RequestMethod, Type } from '@nestjs/common';

/*
 * Where Nest's decorators keep what they were told: not part of its published interface, and the only
 * place where all of a route stands. `nest-keys.spec.ts` holds them against the version installed.
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
  /** The name that the decorator was given. */
  readonly data?: unknown;
  readonly pipes: readonly unknown[];
}

/** The paths of a controller or a handler. */
export function pathsIn(target: object): readonly string[] {
  const paths = (Reflect.getMetadata(KEYS.path, target) ?? '') as string | readonly string[];
  return [paths].flat();
}

/** Undefined where it is not the handler of a route. */
export function methodIn(handler: object): RequestMethod | undefined {
  return Reflect.getMetadata(KEYS.method, handler) as RequestMethod | undefined;
}

/** Undefined where no status is declared. */
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
