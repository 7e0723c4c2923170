import { z } from 'zod';

const LIMIT = { default: 100, max: 1_000 } as const;

export const limit = z.coerce.number().int().min(1).max(LIMIT.max).default(LIMIT.default);

/** Epoch ms. */
export const instant = z.coerce.number().int().min(0);

const page = z.strictObject({
  limit,
  /** `next` of the page before, unchanged. */
  after: z.string().max(256).optional(),
});

export type PageQuery = z.output<typeof page>;

/** The query of a list: which page, and filters. */
export function pageOf<Shape extends z.ZodRawShape>(filter: Shape) {
  return page.extend(filter);
}

interface Found<Item> {
  readonly items: readonly Item[];
  readonly next: string | undefined;
}

/** A page of what is found in several regions, all asked at the same time. */
export async function pageAcross<Item extends { readonly id: string }>(
  regions: readonly string[],
  find: (region: string) => Promise<readonly Item[]>,
  page: PageQuery,
): Promise<Found<Item>> {
  return pageBehind((await Promise.all(regions.map(find))).flat(), page);
}

/** At most `limit` items with ids after `after`, and the `after` of the next page. */
export function pageBehind<Item extends { readonly id: string }>(
  all: readonly Item[],
  { after = '', limit }: Pick<PageQuery, 'after' | 'limit'>,
): Found<Item> {
  const behind = all
    .filter(({ id }) => id > after)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const items = behind.slice(0, limit);
  return { items, next: behind.length > limit ? items.at(-1)?.id : undefined };
}
