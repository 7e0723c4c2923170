import { Unparsable, errorMessage } from '#kernel';
import { refusalStatus } from '#wire';

/**
 * Why a question got no answer from its handler; the answer schema of every endpoint allows these.
 */
export interface Refusal {
  readonly status: 'refused';
  readonly code: 'invalid' | 'not-ready' | 'timed-out';
  readonly message: string;
}

/** Greatest length of the text in the header; the body has the whole text. */
const HEADER_LENGTH_MAX = 256;

/**
 * Headers by which clients of the services protocol recognise an error without reading the body.
 */
const ERROR_TEXT = 'Nats-Service-Error';
const ERROR_CODE = 'Nats-Service-Error-Code';

export function refusal(code: Refusal['code'], message: string): Refusal {
  return { status: 'refused', code, message };
}

/** The refusal that answers a question whose handler threw `error`. */
export function refusalOf(error: unknown): Refusal {
  return refusal(error instanceof Unparsable ? 'invalid' : 'not-ready', errorMessage(error));
}

/** The error text and headers for an answer that is a refusal; undefined for any other answer. */
export function errorIn(
  answer: unknown,
): { readonly text: string; readonly headers: Readonly<Record<string, string>> } | undefined {
  const { status, code, message } = answer as Readonly<
    Record<'status' | 'code' | 'message', string>
  >;
  if (status !== 'refused') return undefined;
  const text = `${code}: ${message}`;
  // A message may repeat parts of the request, but a header may hold printable ASCII only.
  const printable = text.replace(/[^\x20-\x7e]/g, '?').slice(0, HEADER_LENGTH_MAX);
  const headers = { [ERROR_TEXT]: printable, [ERROR_CODE]: String(refusalStatus(code)) };
  return { text, headers };
}
