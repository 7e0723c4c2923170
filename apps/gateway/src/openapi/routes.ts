import { HttpStatus, RequestMethod, type Type } from '@nestjs/common';
import type { z } from 'zod';
import { isInProject, needsOf, type Needs } from '../auth/requires.js';
import { SchemaPipe } from '../http/schema.pipe.js';
import { descriptionOf, type Description } from './describes.js';
import {
  KIND,
  methodIn,
  parametersIn,
  pathsIn,
  statusIn,
  type DeclaredParameter,
} from './nest-keys.js';

/** One route of a controller, as its decorators declare it. */
export interface Route {
  /** In lower case. */
  readonly method: string;
  /** In OpenAPI's form: `/v1/slots/{id}`. */
  readonly path: string;
  /** Unique among routes; generated clients name their functions by it. */
  readonly operationId: string;
  /** The status of the main successful answer. */
  readonly status: number;
  readonly params: readonly Parameter[];
  readonly headers: readonly Parameter[];
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  /** Whether everyone may use it, without an access token. */
  readonly isOpen: boolean;
  /** The scopes that it requires; undefined if the route does not declare them. */
  readonly needs: Needs | undefined;
  /** Whether tokens of a project may use it. */
  readonly inProject: boolean;
  readonly description: Description | undefined;
}

interface Parameter {
  readonly name: string;
  readonly schema: z.ZodType | undefined;
}

/** Every route of the controllers, in the order of declaration. */
export function routesOf(controllers: readonly Type[]): readonly Route[] {
  return controllers.flatMap((controller) => {
    const prototype = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (typeof handler !== 'function') return [];
      const method = methodIn(handler);
      return method === undefined
        ? []
        : pathsOf(controller, handler).map((path, index) =>
            routeOf(controller, name, handler, method, path, index),
          );
    });
  });
}

function routeOf(
  controller: Type,
  name: string,
  handler: object,
  method: RequestMethod,
  path: string,
  index: number,
): Route {
  const parameters = (kind: Parameters<typeof parametersIn>[2]) =>
    parametersIn(controller, name, kind);
  const isPost = method === RequestMethod.POST;
  const area = controller.name.replace(/Controller$/, '');
  const operationId = `${area[0]?.toLowerCase()}${area.slice(1)}_${name}`;
  return {
    method: RequestMethod[method].toLowerCase(),
    path,
    operationId: index === 0 ? operationId : `${operationId}_${index + 1}`,
    status: statusIn(handler) ?? (isPost ? HttpStatus.CREATED : HttpStatus.OK),
    params: inPath(path, named(parameters(KIND.param))),
    headers: named(parameters(KIND.headers)),
    query: parameters(KIND.query).map(schemaOf)[0],
    body: parameters(KIND.body).map(schemaOf)[0],
    isOpen: needsOf(handler) === 'nothing',
    needs: needsOf(handler),
    inProject: isInProject(handler),
    description: descriptionOf(handler),
  };
}

/** Both the controller and the handler may have several paths. */
function pathsOf(controller: Type, handler: object): readonly string[] {
  return pathsIn(controller).flatMap((prefix) =>
    pathsIn(handler).map((path) => {
      const parts = `${prefix}/${path}`.split('/').filter((part) => part !== '');
      return `/${parts.map((part) => part.replace(/^:(.+)$/, '{$1}')).join('/')}`;
    }),
  );
}

/** All parameters of the path, including those that the handler does not read. */
function inPath(path: string, declared: readonly Parameter[]): readonly Parameter[] {
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
  return names.map(
    (name) => declared.find((one) => one.name === name) ?? { name, schema: undefined },
  );
}

function named(parameters: readonly DeclaredParameter[]): readonly Parameter[] {
  return parameters.flatMap((parameter) =>
    typeof parameter.data === 'string'
      ? [{ name: parameter.data, schema: schemaOf(parameter) }]
      : [],
  );
}

function schemaOf({ pipes }: DeclaredParameter): z.ZodType | undefined {
  return pipes.find((pipe) => pipe instanceof SchemaPipe)?.schema;
}
