/** The only source of randomness: seeded in the simulator, the operating system's elsewhere. */
export abstract class Random {
  /** A number from 0 up to, and without, 1. */
  abstract fraction(): number;

  /** A new identifier that nobody has drawn before (UUID version 4). */
  abstract id(): string;
}
