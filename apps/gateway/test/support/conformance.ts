import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import {
  defaultDocuments as documents,
  defaultErrorDialects as faces,
} from '../../src/openapi/default-documents.js';
import type { Route } from '../../src/openapi/routes.js';

/** A real answer, to be checked against the document. */
export interface SeenAnswer {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly mediaType: string;
  readonly body: unknown;
}

/** How an answer breaks the document's promise; null if it keeps it. */
export function breachIn(answer: SeenAnswer): string | null {
  const { method, path, status, body } = answer;
  const name = `${method} ${path} ${status}`;
  const route = routeOf(method, path);
  if (status >= 400 && route?.description?.answers[status] === undefined) {
    const face = faces.find((candidate) => candidate.owns(path));
    if (face?.failure.mediaType !== answer.mediaType) return `${name} is ${answer.mediaType}`;
    if (route !== undefined && !isPromised(route, status)) return `${name} is not in the document`;
    return misfit(name, face.failure.schema, body);
  }
  const promised = route?.description?.answers[status];
  if (promised === undefined) return `${name} is not in the document`;
  return 'mediaType' in promised ? null : misfit(name, promised, body);
}

function routeOf(method: string, path: string): Route | undefined {
  const matching = documents.routes.filter((route) => {
    const pattern = route.path.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+');
    return new RegExp(`^${pattern}/?$`).test(path);
  });
  return matching.find((route) => route.method === method.toLowerCase());
}

/** GameFabric's status for "none available" is a setting, so it may be any status. */
function isPromised({ path, method }: Route, status: number): boolean {
  const operation = documents.openApi.paths[path]?.[method];
  const isSetting = path === '/allocate' && status === 404;
  return isSetting || Object.hasOwn(operation?.responses ?? {}, String(status));
}

/** An answer fits if its schema accepts it and drops nothing: undocumented fields are a breach. */
function misfit(name: string, schema: z.ZodType, body: unknown): string | null {
  const { success, data, error } = schema.safeParse(body);
  if (!success) return `${name}: ${error.message} in ${JSON.stringify(body)}`;
  const promised: unknown = JSON.parse(JSON.stringify(data));
  if (isDeepStrictEqual(promised, body)) return null;
  return `${name} says more than it promises: ${JSON.stringify(body)}; promised ${JSON.stringify(promised)}`;
}
