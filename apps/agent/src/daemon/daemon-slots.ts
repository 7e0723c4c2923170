import type { Cancel, Refusal } from '#kernel';
import type { JsonText } from '#json';

/** The session that a game has been told of; `server.json` names it. */
export interface DaemonSession {
  /** Number of the claim. The same allocation may come to a slot twice, with different fences. */
  readonly fence: number;
  readonly allocationId: string;
  readonly payload: JsonText;
  /** Null if no process has a token for this session yet. */
  readonly token: string | null;
}

/** A session that the game itself asked for. Instants are epoch ms. */
export interface Reservation {
  readonly id: string;
  readonly buildConfiguration: string;
  readonly requestedAt: number;
  readonly fulfilledAt: number;
  readonly ip: string;
  /** Further addresses of the server, by name; missing if there are none. */
  readonly addresses?: Readonly<Record<string, string>>;
  readonly gamePort: number;
}

/** One slot as its game sees it. A refusal's message is returned to the game. */
export abstract class DaemonSlot {
  /** The slot's name, as its machine knows it. */
  abstract readonly name: string;

  /** Decimal, as in `server.json`. */
  abstract readonly serverId: string;

  abstract readonly session: DaemonSession | null;

  /** Whether the game has said that it is ready for players of this session. */
  abstract readonly isReady: boolean;

  /** How many players the game has reported; null if it has not. */
  abstract readonly players: number | null;

  /**
   * Until when (epoch ms) the game asked not to be stopped; null if it did not, or if that has
   * passed.
   */
  abstract readonly heldUntil: number | null;

  abstract ready(allocationId: string): Promise<Refusal | null>;
  abstract unready(): Promise<Refusal | null>;

  /** Reports the number of players, for a game without a query protocol. */
  abstract count(players: number): Promise<Refusal | null>;

  abstract hold(until: number): Promise<Refusal | null>;
  abstract release(): Promise<Refusal | null>;

  abstract reserve(): Promise<Reservation | Refusal>;
  abstract unreserve(): Promise<Refusal | null>;

  /** Asks for the end of the game's session. */
  abstract done(): Promise<Refusal | null>;
}

/** The agent's slots, as far as the daemon needs them. */
export abstract class DaemonSlots {
  abstract find(serverId: string): DaemonSlot | null;

  /**
   * The session of this allocation; null if there is none.
   *
   * @param slot name of the only slot whose session it may be; undefined for any of the machine
   */
  abstract sessionOf(allocationId: string, slot?: string): DaemonSession | null;

  /** Calls `changed` whenever the session of a slot may have changed. */
  abstract watch(changed: (slot: DaemonSlot) => void): Cancel;
}
