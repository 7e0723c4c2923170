import type { Rate } from './access-token.js';
import type { Scope } from './scopes.js';

/** The holder of a valid token: what they may do, without the token itself. */
export interface Holder {
  /**
   * The token's id; for a secret from a list in the settings, the list's name and its place there.
   */
  readonly id: string;
  readonly name: string;
  /** Null for a token of the installation, which asks for servers of the default project. */
  readonly project: string | null;
  readonly scopes: ReadonlySet<Scope>;
  /** Null for all regions. */
  readonly regions: ReadonlySet<string> | null;
  /** Null for the gateway's default rate. */
  readonly rate: Rate | null;
  /** When the token expires (epoch ms). */
  readonly expiresAt: number;
}
