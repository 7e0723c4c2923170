/** Berth refused; `message` says why. The same request will be refused again. */
export class BerthRefused extends Error {
  override readonly name = 'BerthRefused';

  constructor(
    /** HTTP status of the answer, from 400 to 499. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The machine's daemon is not there, or cannot serve now. The game goes on; try again later. */
export class BerthAway extends Error {
  override readonly name = 'BerthAway';
}
