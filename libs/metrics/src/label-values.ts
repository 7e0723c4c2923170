/** What stands for all values beyond those that there is room for. */
const OTHER = 'other';

/**
 * Bounds how many values a label takes: each value is a time series of its own, for ever. The first
 * so many keep their names, all later ones are counted together as `other`.
 */
export class LabelValues {
  private readonly known = new Set<string>();

  constructor(private readonly valuesMax: number) {}

  /** The value as it is to be written. */
  of(value: string): string {
    if (this.known.has(value)) return value;
    if (this.known.size >= this.valuesMax) return OTHER;
    this.known.add(value);
    return value;
  }
}
