import type { Cancel, Refusal } from '#kernel';
import type { JsonText } from '#json';

/** The session that a game has been told of: its `server.json` names it. */
export interface DaemonSession {
  /** The claim; one allocation may come to a slot twice. */
  readonly fence: number;
  readonly allocationId: string;
  readonly payload: JsonText;
  /** Null where no process has one yet. */
  readonly token: string | null;
}

/** A session that the game itself asked for. Instants are epoch ms. */
export interface Reservation {
  readonly id: string;
  readonly buildConfiguration: string;
  readonly requestedAt: number;
  readonly fulfilledAt: number;
  readonly ip: string;
  /** Others at which it is reached, by name; if missing: none. */
  readonly addresses?: Readonly<Record<string, string>>;
  readonly gamePort: number;
}

/** One slot as its game sees it. What is refused is told to the game, in words. */
export abstract class DaemonSlot {
  /** Decimal, as in `server.json`. */
  abstract readonly serverId: string;

  abstract readonly session: DaemonSession | null;

  /** Whether the game has said that it is ready for players of this session. */
  abstract readonly isReady: boolean;

  /** As the game told them; null where it did not. */
  abstract readonly players: number | null;

  /** Until when the game asked not to be stopped (epoch ms); null: it did not, or that is over. */
  abstract readonly heldUntil: number | null;

  abstract ready(allocationId: string): Promise<Refusal | null>;
  abstract unready(): Promise<Refusal | null>;

  /** How many play, from a game that has no query protocol. */
  abstract count(players: number): Promise<Refusal | null>;

  abstract hold(until: number): Promise<Refusal | null>;
  abstract release(): Promise<Refusal | null>;

  abstract reserve(): Promise<Reservation | Refusal>;
  abstract unreserve(): Promise<Refusal | null>;

  /** The game asks for the end of its session. */
  abstract done(): Promise<Refusal | null>;
}

/** All that the daemon knows of the agent. */
export abstract class DaemonSlots {
  abstract find(serverId: string): DaemonSlot | null;

  /** The session of this allocation, on whichever slot it is. */
  abstract sessionOf(allocationId: string): DaemonSession | null;

  /** Calls back whenever the session of a slot may be another one than before. */
  abstract watch(changed: (slot: DaemonSlot) => void): Cancel;
}
