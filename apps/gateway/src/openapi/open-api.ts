import type { z } from 'zod';
import { ERRORS, type ProblemCode } from '../http/errors.js';
import type { AnswerDescription } from './describes.js';
import { answerExample, bodyExample } from './examples/examples.js';
import { inPascalCase } from './named-schemas.js';
import type { Route } from './routes.js';
import { Components, type JsonSchema } from './schemas.js';

/** The error shape of one of the APIs, for the document. */
export interface FailureShape {
  /** The tag of all its routes; null if each route is listed by its own subject. */
  readonly tag: string | null;
  owns(path: string): boolean;
  readonly mediaType: string;
  readonly schema: z.ZodType;
}

/** The parts of the document that this code reads. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly responses: Readonly<Record<string, unknown>>;
}

const INTRODUCTION = `Requests game servers from Berth, gives them back, and shows slots, fleets and
events.

Lists come in pages: \`limit\` is the greatest length of a page, \`next\` of one page is \`after\` of the
next, and the last page has no \`next\`. Instants are epoch milliseconds. Things that can be edited
have an \`ETag\`; with \`If-Match\` a change is made only if nobody has made another one since. Every
answer has an \`X-Request-Id\`, which may be chosen. Every refusal has a stable \`code\`:
[all of them](/errors).`;

const NO_CONTENT = '204';
const JSON_TYPE = 'application/json';

/** Refusals that any route may give. */
const COMMON: readonly ProblemCode[] = ['invalid', 'not-acceptable', 'internal'];
const WITH_BODY: readonly ProblemCode[] = ['too-large', 'not-json'];
const GUARDED: readonly ProblemCode[] = [
  'unauthorized',
  'forbidden',
  'wrong-region',
  'wrong-project',
  'too-many-requests',
];
const READING: readonly ProblemCode[] = ['not-ready'];
const ASKING: readonly ProblemCode[] = ['not-ready', 'no-allocator', 'bad-answer', 'timed-out'];

/** The OpenAPI document of the routes (OpenAPI 3.1.0). */
export function openApiDocument(
  routes: readonly Route[],
  failures: readonly FailureShape[],
  version: string,
): OpenApiDocument {
  const components = new Components();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const failure = failures.find((shape) => shape.owns(route.path));
    const operations = (paths[route.path] ??= {});
    operations[route.method] = operationOf(route, failure, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Berth',
      version,
      ...{ description: INTRODUCTION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    },
    // The document's paths are relative to where it is served, whatever the gateway's host is.
    ...{ servers: [{ url: '/', description: 'this gateway' }] },
    paths,
    components: {
      schemas: components.schemas,
      ...{ securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
  };
}

function operationOf(
  route: Route,
  failure: FailureShape | undefined,
  components: Components,
): Operation {
  const { description } = route;
  return {
    operationId: route.operationId,
    tags: [failure?.tag ?? tagOf(route.path)],
    ...{
      summary: description?.summary ?? '',
      ...(description?.detail !== undefined && { description: description.detail }),
      // The empty alternative `{}`: a gateway without tokens needs none.
      security: route.isOpen ? [] : [{ token: [] }, {}],
      parameters: parametersOf(route, components),
      ...requestBodyOf(route, components),
    },
    responses: { ...answersOf(route, components), ...refusalsOf(route, failure, components) },
  };
}

function requestBodyOf(route: Route, components: Components) {
  const { body, description } = route;
  if (description?.takes !== undefined) {
    return { requestBody: { required: true, content: { [description.takes]: {} } } };
  }
  if (body === undefined) return {};
  const content = json(components.body(body, `${schemaName(route)}Body`), bodyExample(route));
  return { requestBody: { required: true, content } };
}

/** The name of a schema made for one operation; all paths of the operation share it. */
function schemaName({ operationId }: Route): string {
  return inPascalCase(operationId.replace(/_\d+$/, ''));
}

function tagOf(path: string): string {
  const [first = '', second] = path.split('/').filter((part) => part !== '');
  return first === 'v1' && second !== undefined ? second : 'about';
}

function parametersOf({ params, query, headers }: Route, components: Components) {
  const text = { type: 'string' } as const;
  const schemaOf = (schema: z.ZodType | undefined) =>
    schema === undefined ? text : components.input(schema);
  return [
    ...params.map(({ name, schema }) => ({
      name,
      in: 'path',
      required: true,
      schema: schemaOf(schema),
    })),
    ...(query === undefined ? [] : queryParameters(components.input(query))),
    ...headers.map(({ name, schema }) => ({
      name,
      in: 'header',
      required: false,
      schema: schemaOf(schema),
    })),
  ];
}

function queryParameters({ properties = {}, required = [] }: JsonSchema) {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function answersOf(route: Route, components: Components) {
  const { description, status } = route;
  const answers = description?.answers ?? {};
  const headers = Object.entries(description?.headers ?? {}).map(([name, says]) => [
    name,
    { description: says, schema: { type: 'string' } },
  ]);
  const shown = (answer: AnswerDescription, code: string) => {
    const { mediaType, schema } =
      'mediaType' in answer ? answer : { mediaType: JSON_TYPE, schema: answer };
    const name = `${schemaName(route)}Answer${Number(code) === status ? '' : code}`;
    const example = answerExample(route, Number(code));
    return { [mediaType]: schema ? media(components.output(schema, name), example) : {} };
  };
  return Object.fromEntries(
    Object.entries(answers).map(([code, answer]) => [
      code,
      {
        description: saysOf(answer, Number(code) === status),
        ...(headers.length > 0 && { headers: Object.fromEntries(headers) as object }),
        ...(code !== NO_CONTENT && { content: shown(answer, code) }),
      },
    ]),
  );
}

function saysOf(answer: AnswerDescription, isFirst: boolean): string {
  if ('mediaType' in answer) return answer.says;
  return answer.description ?? (isFirst ? 'Done.' : 'Otherwise.');
}

/** One answer for each status, with all the codes it may carry. */
function refusalsOf(route: Route, failure: FailureShape | undefined, components: Components) {
  const { description, body } = route;
  const codes = [
    ...COMMON,
    ...(body === undefined ? [] : WITH_BODY),
    ...(route.params.length === 0 ? [] : (['path-too-long'] as const)),
    ...(route.isOpen ? [] : GUARDED),
    ...(description?.reads ? READING : []),
    ...(description?.asks ? ASKING : []),
    ...(description?.refusals ?? []),
  ];
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set(codes)) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = failure && {
    [failure.mediaType]: { schema: components.output(failure.schema) },
  };
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [
      String(status),
      {
        description: found.map((code) => `\`${code}\`: ${ERRORS[code].means}`).join('\n\n'),
        ...(content && { content }),
      },
    ]),
  );
}

function json(schema: JsonSchema, example: unknown) {
  return { [JSON_TYPE]: media(schema, example) };
}

function media(schema: JsonSchema, example: unknown) {
  return { schema, ...(example !== undefined && { example }) };
}
