import type { Rate } from './access-token.js';
import type { Scope } from './scopes.js';

/** Who shows a token that is good: what they may do, and never the token itself. */
export interface Holder {
  /** The token's id; for one out of a list in the settings, its place there. */
  readonly id: string;
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Null: all of them. */
  readonly regions: ReadonlySet<string> | null;
  /** Null: what everybody is granted. */
  readonly rate: Rate | null;
  /** From when on the token is worth nothing (epoch ms). */
  readonly expiresAt: number;
}
