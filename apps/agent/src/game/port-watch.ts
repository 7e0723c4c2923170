import type { Clock } from '#kernel';
import type { CalledGame } from './callback.js';
import { reachOf, type PortSocket, type Reach } from './reach.js';

/** A stranger that is seen this often in a row is one; a child may be seen before its parent. */
const SIGHTINGS = 2;

/** Between two looks at a port that the game has yet to bind. */
export const LOOK_MS = 50;

/** Looks, again and again, who hears what is sent to one port of a game. */
export class PortWatch {
  private strangers = 0;

  constructor(
    private readonly game: CalledGame,
    private readonly port: number,
    private readonly ip: string,
    private readonly protocols: readonly PortSocket['protocol'][],
    private readonly clock: Clock,
  ) {}

  /** A stranger is not told of before it has been seen twice. */
  async look(): Promise<Reach> {
    const sockets = await this.game.socketsOn(this.port);
    const heard = sockets?.filter(({ protocol }) => this.protocols.includes(protocol)) ?? null;
    const reach = reachOf(heard, this.ip);
    this.strangers = reach.kind === 'stranger' ? this.strangers + 1 : 0;
    return reach.kind === 'stranger' && this.strangers < SIGHTINGS ? { kind: 'nobody' } : reach;
  }

  /** Whether another process hears the port now, and the game does not. */
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
