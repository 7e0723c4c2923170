import { z } from 'zod';

/** The fields of each kind of event, in addition to `type` and `at`. */
export type EventShapes = Readonly<Record<string, z.core.$ZodLooseShape>>;

/** A value that a schema has parsed, made read-only at every depth. */
export type Immutable<T> = T extends (...given: never) => unknown
  ? T
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

/** The events that a table of shapes declares, by their types. */
export type EventsOf<Shapes extends EventShapes> = {
  readonly [Type in keyof Shapes & string]: Immutable<
    z.output<z.ZodObject<{ type: z.ZodLiteral<Type>; at: z.ZodNumber } & Shapes[Type]>>
  >;
};

/** Epoch milliseconds. */
export const instant = z.number();

/** The allowed names of regions, agents, slots and allocators: one token of a NATS subject. */
export const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;

export const token = z.string().regex(TOKEN, 'must be 1 to 64 letters, digits, - or _');

/**
 * The schema of an actor's stored events; `at` is when the event was recorded, by the log's clock.
 * Fields may be added, with a default for older records; no field is ever renamed or removed,
 * because recorded histories are replayed for ever.
 */
export function eventSchema<Shapes extends EventShapes>(
  shapes: Shapes,
): z.ZodType<EventsOf<Shapes>[keyof Shapes & string]> {
  const [first, ...others] = Object.entries(shapes).map(([type, shape]) =>
    z.object({ type: z.literal(type), at: instant, ...shape }),
  );
  if (first === undefined) throw new TypeError('an actor has events');
  const schema: z.ZodType = z.discriminatedUnion('type', [first, ...others]);
  return schema as z.ZodType<EventsOf<Shapes>[keyof Shapes & string]>;
}
