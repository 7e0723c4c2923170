/**
 * The environment failed (NATS away, a deadline passed): the caller may try again, up to a named
 * limit.
 */
export class TransientError extends Error {
  override readonly name: string = 'TransientError';
}

/** A wait reached its deadline; whether the work was done is not known. */
export class DeadlinePassed extends TransientError {
  override readonly name = 'DeadlinePassed';
}

/** Nobody listens on the subject that was asked. */
export class NobodyListens extends TransientError {
  override readonly name = 'NobodyListens';
}

/** Permissions do not allow a message to be sent or heard. A retry does not help. */
export class NotPermitted extends Error {
  override readonly name = 'NotPermitted';

  /** @param message one line that names the subject and who was refused */
  constructor(
    message: string,
    readonly subject: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * A recorded event that cannot have happened according to the machine: corrupt data, or a bug of
 * ours.
 */
export class ImpossibleEvent extends Error {
  override readonly name = 'ImpossibleEvent';

  constructor(
    readonly eventType: string,
    readonly stateValue: unknown,
  ) {
    super(`${eventType} cannot have happened in state ${JSON.stringify(stateValue)}`);
  }
}

/** Bytes that do not have the format their subject promises; the reader sets the message aside. */
export class Unparsable extends Error {
  override readonly name = 'Unparsable';
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
