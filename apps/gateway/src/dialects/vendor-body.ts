import { JsonText } from '#json';
import { z } from 'zod';
import { SchemaPipe } from '../http/schema.pipe.js';

/**
 * A body as vendors' clients send it: `null` in an optional field counts as missing, because Go and
 * C# write fields that are not set this way.
 */
export class VendorBody<T> extends SchemaPipe<T> {
  protected override readonly reads: z.ZodType<T>;

  constructor(schema: z.ZodType<T>) {
    super(schema);
    this.reads = z.preprocess((value) => withoutNulls(value, schema), schema);
  }
}

function withoutNulls(value: unknown, schema: z.ZodType): unknown {
  const shape = shapeOf(schema);
  if (shape === undefined || typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    const member = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (member === undefined) return [[name, inner] as const];
    if (isNull(inner) && member.safeParse(undefined).success) return [];
    return [[name, withoutNulls(inner, member)] as const];
  });
  return Object.fromEntries(kept);
}

/** The shape of an object schema, also if that is optional or has a default. */
function shapeOf({ def }: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const { shape, innerType } = def as {
    readonly shape?: Readonly<Record<string, z.ZodType>>;
    readonly innerType?: z.ZodType;
  };
  return shape ?? (innerType && shapeOf(innerType));
}

function isNull(value: unknown): boolean {
  return value === null || (value instanceof JsonText && value.text === 'null');
}
