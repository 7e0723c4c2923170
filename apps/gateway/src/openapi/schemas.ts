import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

const DEFINITIONS = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/** Two different schemas go by one name. */
class NameTaken extends Error {
  override readonly name = 'NameTaken';
}

/**
 * The schemas of a document. Those that have a name (`.meta({ id })`) are written once and referred
 * to; what answers may have beyond what is described is left open, for later versions add to it.
 */
export class Components {
  private readonly named = new Map<string, JsonSchema>();

  get schemas(): Readonly<Record<string, JsonSchema>> {
    const byName = [...this.named].sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(byName);
  }

  /** What is sent to us beside the body. */
  input(schema: z.ZodType): JsonSchema {
    return this.take(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  }

  /**
   * What is sent to us as a body. Generators of clients take a field with a default for one that is
   * always there, and would ask for it; so defaults are told in words.
   */
  body(schema: z.ZodType): JsonSchema {
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
    );
  }

  /** What we send. */
  output(schema: z.ZodType): JsonSchema {
    return this.take(
      z.toJSONSchema(schema, {
        io: 'output',
        unrepresentable: 'any',
        override: ({ jsonSchema }) => {
          if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        },
      }),
    );
  }

  private take({ $schema: _, $defs = {}, ...schema }: JsonSchema): JsonSchema {
    for (const [name, definition] of Object.entries($defs)) {
      const written = referring(definition);
      const before = this.named.get(name);
      if (before !== undefined && !isDeepStrictEqual(before, written)) {
        throw new NameTaken(`two different schemas are called ${name}`);
      }
      this.named.set(name, written);
    }
    return referring(schema);
  }
}

/** The same with its references pointing into the document's components. */
function referring(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    return value.replace(DEFINITIONS, COMPONENTS);
  }) as JsonSchema;
}
