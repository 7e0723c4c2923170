import { faceOf, type FuzzedFace } from './face.js';

/** A way to use one route well, to start from. */
export interface Sample {
  readonly method: string;
  readonly path: string;
  /** Names of the query that the route knows. */
  readonly query: readonly string[];
  readonly body: unknown;
}

interface Schema {
  readonly $ref?: string;
  readonly examples?: readonly unknown[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** The document of the API, as far as it is read here. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
}

/** Every route of a face, from the document that the gateway serves: new ones come by themselves. */
export function samplesOf(document: ApiDocument, face: FuzzedFace): readonly Sample[] {
  return Object.entries(document.paths)
    .filter(([path]) => faceOf(path) === face)
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { parameters = [], requestBody }]) => ({
        method: method.toUpperCase(),
        path: path.replace(/\{[^}]+\}/g, 'local.machine.1'),
        query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        body: impatient(sample(document, requestBody?.content['application/json']?.schema)),
      })),
    );
}

/** What may wait, and there is nothing to wait for, would look like what hangs. */
function impatient(body: unknown): unknown {
  const isWaiting = typeof body === 'object' && body !== null && 'waitMs' in body;
  return isWaiting ? { ...body, waitMs: 0 } : body;
}

/** An example where there is one, else the simplest thing that has the schema's shape. */
function sample(document: ApiDocument, schema: Schema | undefined): unknown {
  if (schema === undefined) return undefined;
  const { $ref, examples, type, properties = {}, anyOf, oneOf } = schema;
  if (examples?.[0] !== undefined) return examples[0];
  if ($ref !== undefined) {
    return sample(document, document.components.schemas[$ref.split('/').at(-1) ?? '']);
  }
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = (anyOf ?? oneOf)?.[0];
  if (choice !== undefined) return sample(document, choice);
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(properties).map(([name, value]) => [name, sample(document, value)]),
      );
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    default:
      return 'local';
  }
}
