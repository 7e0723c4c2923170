import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { COMPONENTS, namingObjects, type JsonSchema } from './named-schemas.js';

export type { JsonSchema };

const DEFINITIONS = '#/$defs/';

/** Two different schemas have the same name. */
class NameTaken extends Error {
  override readonly name = 'NameTaken';
}

/**
 * The schemas of a document. Named ones (`.meta({ id })`) are written once and referred to. Answers
 * may have more fields than described, since later versions add some.
 */
export class Components {
  private readonly named = new Map<string, JsonSchema>();

  get schemas(): Readonly<Record<string, JsonSchema>> {
    const byName = [...this.named].sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(byName);
  }

  /** A parameter that is sent to us, outside the body. */
  input(schema: z.ZodType): JsonSchema {
    return this.take(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  }

  /**
   * A body that is sent to us. Client generators treat a field with a default as always present,
   * and would require it; so defaults are only mentioned in the description.
   *
   * @param name for a schema without a name; if missing, the schema is written where it is used
   */
  body(schema: z.ZodType, name?: string): JsonSchema {
    return this.take(
      z.toJSONSchema(schema, {
        io: 'input',
        unrepresentable: 'any',
        override: ({ jsonSchema }) => {
          if (jsonSchema.default === undefined) return;
          const told = `default: \`${JSON.stringify(jsonSchema.default)}\``;
          const { description } = jsonSchema;
          jsonSchema.description = description === undefined ? told : `${description}; ${told}`;
          delete jsonSchema.default;
        },
      }),
      name,
    );
  }

  /**
   * An answer that we send.
   *
   * @param name as for `body`
   */
  output(schema: z.ZodType, name?: string): JsonSchema {
    return this.take(
      z.toJSONSchema(schema, {
        io: 'output',
        unrepresentable: 'any',
        override: ({ jsonSchema }) => {
          if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        },
      }),
      name,
    );
  }

  private take({ $schema: _, $defs = {}, ...schema }: JsonSchema, name?: string): JsonSchema {
    const put = (taken: string, definition: JsonSchema) => this.put(taken, definition);
    for (const [defined, definition] of Object.entries($defs)) {
      put(defined, namingObjects(referring(definition), defined, put));
    }
    const written = referring(schema);
    if (name === undefined) return written;
    const named = namingObjects(written, name, put);
    if (named.properties === undefined && named.items === undefined) return named;
    put(name, named);
    return { $ref: `${COMPONENTS}${name}` };
  }

  private put(name: string, written: JsonSchema): void {
    const before = this.named.get(name);
    if (before !== undefined && !isDeepStrictEqual(before, written)) {
      throw new NameTaken(`two different schemas are called ${name}`);
    }
    this.named.set(name, written);
  }
}

/** The same schema with references into the document's components. */
function referring(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    return value.replace(DEFINITIONS, COMPONENTS);
  }) as JsonSchema;
}
