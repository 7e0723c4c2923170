import { JsonText, printJson } from '#json';

/** The form of a callback's body. */
export interface BodyForm {
  /** The payload itself, or an object with the payload as `payload`. */
  readonly envelope: 'bare' | 'payload';
  /**
   * The payload of a request that has none: an empty object if missing, because handlers read
   * properties of the payload and would fail on `null`.
   */
  readonly emptyPayload?: 'object' | 'null';
}

const EMPTY = JsonText.of({});

/** @param more further properties beside `payload`; ignored if the envelope is `bare` */
export function callbackBody(
  { envelope, emptyPayload = 'object' }: BodyForm,
  payload: JsonText,
  more: object = {},
): string {
  const said = emptyPayload === 'object' && payload.text === 'null' ? EMPTY : payload;
  return printJson(envelope === 'bare' ? said : { payload: said, ...more });
}
