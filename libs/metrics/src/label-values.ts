/** Stands for all values beyond the limit. */
const OTHER = 'other';

/**
 * Limits how many values a label has, because each value is a time series of its own. The first
 * `valuesMax` values keep their names; all later ones are counted together as `other`.
 */
export class LabelValues {
  private readonly known = new Set<string>();

  constructor(private readonly valuesMax: number) {}

  /** The value to write into the label. */
  of(value: string): string {
    if (this.known.has(value)) return value;
    if (this.known.size >= this.valuesMax) return OTHER;
    this.known.add(value);
    return value;
  }
}
