/**
 * A list in no particular order whose items know their place in it, each in its own field `Place`.
 * Adding, removing and reading an item cost the same however many there are.
 */
export class PlacedList<Place extends string, Item extends Record<Place, number>> {
  readonly items: Item[] = [];

  constructor(private readonly place: Place) {}

  get size(): number {
    return this.items.length;
  }

  add(item: Item): void {
    this.put(item, this.items.length);
  }

  /** The item must be in this list. The last one takes its place. */
  delete(item: Item): void {
    const last = this.items.pop();
    if (last !== undefined && last !== item) this.put(last, item[this.place]);
  }

  private put(item: Item, place: number): void {
    this.items[place] = item;
    (item as Record<Place, number>)[this.place] = place;
  }
}
