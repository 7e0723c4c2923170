import { JsonText } from '#json';
import { z } from 'zod';
import { SchemaPipe } from '../http/schema.pipe.js';

/**
 * A body as vendors' clients send it: `null` where a field may be left out counts as left out, for
 * Go and C# write a field that nobody has set so.
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

/** Of an object, be it optional or with a default. */
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
