/** The world failed us (NATS away, a deadline passed): may be tried again, up to a named limit. */
export class TransientError extends Error {
  override readonly name: string = 'TransientError';
}

/** A wait ended by its deadline; whether the work was done is not known. */
export class DeadlinePassed extends TransientError {
  override readonly name = 'DeadlinePassed';
}

/** Nobody listens on the subject that was asked. */
export class NobodyListens extends TransientError {
  override readonly name = 'NobodyListens';
}

/** A recorded event that the machine says cannot have happened: corrupt data, or our own mistake. */
export class ImpossibleEvent extends Error {
  override readonly name = 'ImpossibleEvent';

  constructor(
    readonly eventType: string,
    readonly stateValue: unknown,
  ) {
    super(`${eventType} cannot have happened in state ${JSON.stringify(stateValue)}`);
  }
}

/** Bytes that are not what their subject promises; set aside by whoever reads them. */
export class Unparsable extends Error {
  override readonly name = 'Unparsable';
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
