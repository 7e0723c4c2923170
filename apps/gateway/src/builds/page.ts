/** The items behind `after` by their ids, at most `limit`, and where the next page begins. */
export function pageBehind<Item extends { readonly id: string }>(
  all: readonly Item[],
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
): { readonly items: readonly Item[]; readonly next: string | undefined } {
  const behind = all
    .filter(({ id }) => id > after)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const items = behind.slice(0, limit);
  return { items, next: behind.length > limit ? items.at(-1)?.id : undefined };
}
