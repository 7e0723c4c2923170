import { JsonText, printJson } from '#json';

/** What the body of a callback looks like. */
export interface BodyForm {
  /** The payload itself, or an object with it as `payload`. */
  readonly envelope: 'bare' | 'payload';
  /**
   * What stands where a request has no payload. An empty object if missing: handlers take names out
   * of what they are given, and fail on `null`.
   */
  readonly emptyPayload?: 'object' | 'null';
}

const EMPTY = JsonText.of({});

/** @param more stands beside the payload where that is wrapped */
export function callbackBody(
  { envelope, emptyPayload = 'object' }: BodyForm,
  payload: JsonText,
  more: object = {},
): string {
  const said = emptyPayload === 'object' && payload.text === 'null' ? EMPTY : payload;
  return printJson(envelope === 'bare' ? said : { payload: said, ...more });
}
