import type { Clock } from '#kernel';
import type { CalledGame } from './callback.js';
import { reachOf, type PortSocket, type Reach } from './reach.js';

/**
 * How many looks in a row must find a stranger before it counts: a single look may not recognise a
 * process that the game has just started.
 */
const SIGHTINGS = 2;

/** Time (ms) between two looks at a port that the game has not bound yet. */
export const LOOK_MS = 50;

/** Checks, again and again, which process receives what is sent to one port of a game. */
export class PortWatch {
  private strangers = 0;

  constructor(
    private readonly game: CalledGame,
    private readonly port: number,
    private readonly ip: string,
    private readonly protocols: readonly PortSocket['protocol'][],
    private readonly clock: Clock,
  ) {}

  /** Reports a stranger only after `SIGHTINGS` looks in a row have found one. */
  async look(): Promise<Reach> {
    const sockets = await this.game.socketsOn(this.port);
    const heard = sockets?.filter(({ protocol }) => this.protocols.includes(protocol)) ?? null;
    const reach = reachOf(heard, this.ip);
    this.strangers = reach.kind === 'stranger' ? this.strangers + 1 : 0;
    return reach.kind === 'stranger' && this.strangers < SIGHTINGS ? { kind: 'nobody' } : reach;
  }

  /** Whether another process has the port now, and the game does not. */
  async isTaken(): Promise<boolean> {
    for (let looks = 0; looks < SIGHTINGS; looks += 1) {
      if (looks > 0) await this.clock.sleep(LOOK_MS);
      const reach = await this.look();
      if (reach.kind === 'stranger') return true;
      if (this.strangers === 0) return false;
    }
    return false;
  }
}
