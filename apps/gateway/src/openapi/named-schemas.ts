import type { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

export const COMPONENTS = '#/components/schemas/';

/** One of several shapes has no name, and no constant property to make one from. */
class ShapeUnnamed extends Error {
  override readonly name = 'ShapeUnnamed';
}

type Put = (name: string, schema: JsonSchema) => void;

/**
 * Replaces every object within a schema by a reference to a named one: `Slot.process` becomes
 * `SlotProcess`. Client generators name unnamed objects by rules of their own, and with two equal
 * names the client could not be imported.
 *
 * @param name the name of the schema itself
 * @param put stores the schemas that the references point to
 * @throws {ShapeUnnamed}
 */
export function namingObjects(schema: JsonSchema, name: string, put: Put): JsonSchema {
  const named: JsonSchema = { ...schema };
  const { properties, items, additionalProperties } = schema;
  if (properties !== undefined) {
    named.properties = Object.fromEntries(
      Object.entries(properties).map(([key, inner]) => [
        key,
        typeof inner === 'boolean' ? inner : referring(inner, name + inPascalCase(key), put),
      ]),
    );
  }
  if (isSchema(items)) named.items = referring(items, `${name}Item`, put);
  if (isSchema(additionalProperties)) {
    named.additionalProperties = referring(additionalProperties, `${name}Value`, put);
  }
  for (const several of ['anyOf', 'oneOf', 'allOf'] as const) {
    const shapes = schema[several];
    if (shapes !== undefined) named[several] = namingShapes(shapes, name, put);
  }
  return named;
}

/** If all shapes but one are `null` and the like, that one gets the name of the whole. */
function namingShapes(shapes: readonly JsonSchema[], name: string, put: Put): JsonSchema[] {
  const isOnly = shapes.filter(isObject).length === 1 && shapes.some(({ type }) => type === 'null');
  return shapes.map((shape) => {
    if (!isObject(shape) || isOnly) return referring(shape, name, put);
    return referring(shape, name + inPascalCase(constantOf(shape, name)), put);
  });
}

function referring(schema: JsonSchema, name: string, put: Put): JsonSchema {
  const named = namingObjects(schema, name, put);
  if (!isObject(named)) return named;
  put(name, named);
  return { $ref: `${COMPONENTS}${name}` };
}

function constantOf({ properties = {} }: JsonSchema, name: string): string {
  for (const property of Object.values(properties)) {
    if (typeof property === 'object' && typeof property.const === 'string') return property.const;
  }
  throw new ShapeUnnamed(`one of the shapes of ${name} needs a name of its own: .meta({ id })`);
}

/** Turns `publish-refused` into `PublishRefused`. */
export function inPascalCase(text: string): string {
  return text.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) =>
    letter.toUpperCase(),
  );
}

function isObject({ properties }: JsonSchema): boolean {
  return properties !== undefined;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
