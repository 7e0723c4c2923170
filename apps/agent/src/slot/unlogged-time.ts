import type { Clock } from '#kernel';

/**
 * Until when a session goes on that the log does not tell of, and may never tell of again: as long
 * as the log would let it be without players.
 */
export class UnloggedTime {
  /** Epoch ms; `Infinity` while there is no such session. */
  until = Infinity;

  constructor(private readonly clock: Clock) {}

  /** @param session null: the log tells of everything that runs */
  see(session: { readonly idleMs: number } | null, hasPlayers: boolean): void {
    if (session === null) this.until = Infinity;
    else if (hasPlayers || this.until === Infinity) this.until = this.clock.now() + session.idleMs;
  }
}
