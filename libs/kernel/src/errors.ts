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
 * Why nothing is stored. `no-room`: the server has used up the storage it may use; `write-failed`:
 * it cannot write to its disk; `unanswered`: it answers questions but no appends; `disabled`: its
 * storage is switched off.
 */
export type StoreFault = 'no-room' | 'write-failed' | 'unanswered' | 'disabled';

/** Nothing is stored now, whatever is sent. It may succeed later, after what `remedy` says. */
export class CannotStore extends TransientError {
  override readonly name = 'CannotStore';

  constructor(
    readonly fault: StoreFault,
    /** What is wrong, with the name of the stream; also told to requesters. */
    message: string,
    /** What an operator has to do. */
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** What is wrong and what to do, for operators. */
  get explained(): string {
    return `${this.message}. Remedy: ${this.remedy}`;
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
