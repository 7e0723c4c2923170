/**
 * An unordered list whose items store their own index in the field `Place`. Adding, removing and
 * reading an item cost the same however many items there are.
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

  /** The item must be in this list. The last item moves to its place. */
  delete(item: Item): void {
    const last = this.items.pop();
    if (last !== undefined && last !== item) this.put(last, item[this.place]);
  }

  private put(item: Item, place: number): void {
    this.items[place] = item;
    (item as Record<Place, number>)[this.place] = place;
  }
}
