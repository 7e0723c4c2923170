/** Berth said no, in words. Saying the same again will not help. */
export class BerthRefused extends Error {
  override readonly name = 'BerthRefused';

  constructor(
    /** Of the HTTP answer, from 400 to 499. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The machine's daemon is not there, or cannot serve now. The game goes on; say it again. */
export class BerthAway extends Error {
  override readonly name = 'BerthAway';
}
