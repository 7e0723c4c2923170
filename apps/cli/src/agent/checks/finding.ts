/** What a check has found. */
export interface Finding {
  readonly what: string;
  /** `wrong`: the agent would not work. `warning`: the setting may not be what was meant. */
  readonly verdict: 'fine' | 'warning' | 'wrong';
  readonly says: string;
  /** What to do about it. */
  readonly remedy?: string;
}
