/**
 * Runs `action` for each item, at most `max` at a time; returns the outcomes in the order of the
 * items.
 */
export async function eachBounded<Item, Outcome>(
  items: readonly Item[],
  max: number,
  action: (item: Item) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const left = items.entries();
  const work = async () => {
    for (const [index, item] of left) outcomes[index] = await action(item);
  };
  await Promise.all(Array.from({ length: Math.min(max, items.length) }, work));
  return outcomes;
}
