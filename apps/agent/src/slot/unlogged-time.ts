import type { Clock } from '#kernel';

/**
 * How long a session goes on that the log has lost, and may never have again: as long as it may be
 * without players.
 */
export class UnloggedTime {
  /** Epoch ms; `Infinity` while there is no such session. */
  until = Infinity;

  constructor(private readonly clock: Clock) {}

  /** @param session null if the log has lost no session that runs */
  see(session: { readonly idleMs: number } | null, hasPlayers: boolean): void {
    if (session === null) this.until = Infinity;
    else if (hasPlayers || this.until === Infinity) this.until = this.clock.now() + session.idleMs;
  }
}
