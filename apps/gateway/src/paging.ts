import { z } from 'zod';

const LIMIT = { default: 100, max: 1_000 } as const;

export const limit = z.coerce.number().int().min(1).max(LIMIT.max).default(LIMIT.default);

const page = z.strictObject({
  limit,
  /** `next` of the page before, as it was given. */
  after: z.string().max(256).optional(),
});

export type PageQuery = z.output<typeof page>;

/** The query of a list: a page of it, and what narrows it down. */
export function pageOf<Shape extends z.ZodRawShape>(filter: Shape) {
  return page.extend(filter);
}
