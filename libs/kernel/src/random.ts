/** The only source of randomness: seeded in the simulator, the operating system's elsewhere. */
export abstract class Random {
  /** A number from 0 (included) to 1 (excluded). */
  abstract fraction(): number;

  /** A new unique identifier (UUID version 4). */
  abstract id(): string;
}
