import { TransientError } from '#kernel';
import type { Socket } from 'node:net';
import { connectionOf, heldBy } from '../process/bound-sockets.js';
import { membersOf, type Family } from '../process/members.js';

/** Tells which slot's game is at the other end of a connection to the daemon. */
export abstract class Callers {
  /** The slot's name; null if the connection is not of a game that runs here. */
  abstract slotOf(connection: Socket): Promise<string | null>;
}

/** Recognises a game by the process that holds the other end, as the system shows it. */
export class GameCallers extends Callers {
  private readonly known = new WeakMap<Socket, string>();

  /** @param families the processes of each slot whose game runs */
  constructor(private readonly families: () => ReadonlyMap<string, Family>) {
    super();
  }

  /**
   * Looks again as long as no game is found: one may ask before the agent knows that it runs, at
   * its start or at the agent's. Throws `TransientError` if the system does not tell.
   */
  override async slotOf(connection: Socket): Promise<string | null> {
    const slot = this.known.get(connection) ?? (await this.find(connection));
    if (slot !== null) this.known.set(connection, slot);
    return slot;
  }

  private async find(connection: Socket): Promise<string | null> {
    const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = connection;
    const ends = await connectionOf(
      { address: remoteAddress, port: remotePort },
      { address: localAddress, port: localPort },
    );
    if (ends === null) throw new TransientError('this system does not show who connects');
    const families = [...this.families()];
    const owner = families.find(([, { user }]) => ends.some(({ uid }) => uid === user));
    if (owner !== undefined) return owner[0];
    const members = await membersOf(families.map(([, family]) => family));
    for (const [index, [slot, { user }]] of families.entries()) {
      const pids = members[index]?.map(({ pid }) => pid) ?? [];
      if (user === null && (await heldBy(pids, ends)).size > 0) return slot;
    }
    return null;
  }
}
