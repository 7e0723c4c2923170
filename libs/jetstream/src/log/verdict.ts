import { LogRefused, TransientError, type Verdict } from '#kernel';
import { isNotNow } from '../connection/failures.js';
import { cannotStore, storeFaultOf } from '../connection/store-faults.js';

/** JetStream's answer to a publish, as it comes over the wire. */
interface PublishAnswer {
  readonly stream?: string;
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code: number; readonly description: string };
}

const decoder = new TextDecoder();

/**
 * What the answer to an append means. The codes are nats-server's (server/errors.json); its texts
 * change between versions and are never compared.
 *
 * @throws {CannotStore} the stream stores nothing now.
 * @throws {LogRefused} the log refuses for good.
 */
export function verdictOf(body: Uint8Array): Verdict {
  const { stream, seq, duplicate, error } = parseAnswer(body);
  if (error === undefined) {
    if (seq === undefined) throw new LogRefused('answer', 'the answer names no sequence');
    return { kind: duplicate === true ? 'duplicate' : 'stored', sequence: seq };
  }
  switch (error.err_code) {
    case 10071: // wrong last sequence
      return { kind: 'conflict' };
    case 10163: // the subject's last sequence is not known for the moment
    case 10164: // another message on this subject is in flight
      return { kind: 'busy' };
    case 10158: // this message id is in flight
      return { kind: 'inFlight' };
  }
  const fault = storeFaultOf(error.err_code);
  if (fault !== undefined) {
    const cause = new LogRefused(error.err_code, error.description);
    throw cannotStore(fault, `stream ${stream ?? ''}`, { cause });
  }
  if (isNotNow(error.err_code))
    return { kind: 'unknown', cause: new TransientError(error.description) };
  throw new LogRefused(error.err_code, error.description);
}

function parseAnswer(body: Uint8Array): PublishAnswer {
  try {
    return JSON.parse(decoder.decode(body)) as PublishAnswer;
  } catch (cause) {
    throw new LogRefused('answer', 'the answer to an append is not JSON', { cause });
  }
}
