import { Unparsable, errorMessage } from '#kernel';
import { refusalStatus } from '#wire';

/** Why a question is not answered as its handler would; every endpoint's answers have these. */
export interface Refusal {
  readonly status: 'refused';
  readonly code: 'invalid' | 'not-ready' | 'timed-out';
  readonly message: string;
}

/** Of the text in the header; the body has all of it. */
const HEADER_LENGTH_MAX = 256;

/** Headers by which clients of the services protocol tell an error without reading the body. */
const ERROR_TEXT = 'Nats-Service-Error';
const ERROR_CODE = 'Nats-Service-Error-Code';

export function refusal(code: Refusal['code'], message: string): Refusal {
  return { status: 'refused', code, message };
}

/** What a handler's error is to whoever asked. */
export function refusalOf(error: unknown): Refusal {
  return refusal(error instanceof Unparsable ? 'invalid' : 'not-ready', errorMessage(error));
}

/** What the services protocol is told of an answer that is a refusal; undefined for any other. */
export function errorIn(
  answer: unknown,
): { readonly text: string; readonly headers: Readonly<Record<string, string>> } | undefined {
  const { status, code, message } = answer as Readonly<
    Record<'status' | 'code' | 'message', string>
  >;
  if (status !== 'refused') return undefined;
  const text = `${code}: ${message}`;
  // A message may repeat what was sent, and a header holds printable ASCII only.
  const printable = text.replace(/[^\x20-\x7e]/g, '?').slice(0, HEADER_LENGTH_MAX);
  const headers = { [ERROR_TEXT]: printable, [ERROR_CODE]: String(refusalStatus(code)) };
  return { text, headers };
}
