import type { Msg } from '@nats-io/transport-node';

/** Headers of a stored message are shorter as a rule; nats.js parses longer ones (bytes). */
const LENGTH_MAX = 512;
const [LINE, BEGIN] = ['\r\n', '\r\nNATS/1.0\r\n'];
const decoder = new TextDecoder();

/** The value of a header by its name; '' where there is none. */
export type HeaderOf = (name: string) => string;

/**
 * Reads headers of a message by their names; '' is one that it does not have. nats.js parses all of them
 * into lists, which takes 1.5 µs, and a history has a million messages. So they are looked for in what
 * came from the server: there they stand before the body, and an empty line between. Where they are not
 * found, nats.js is asked.
 */
export function headersOf(body: Uint8Array, message: Pick<Msg, 'headers'>): HeaderOf {
  const text = textBefore(body);
  if (text === undefined) return (name) => message.headers?.get(name) ?? '';
  return (name) => {
    const at = text.indexOf(`${LINE}${name}:`);
    if (at < 0) return '';
    const from = at + LINE.length + name.length + 1;
    return text.slice(from, text.indexOf(LINE, from)).trim();
  };
}

function textBefore({ buffer, byteOffset }: Uint8Array): string | undefined {
  const length = Math.min(byteOffset, LENGTH_MAX);
  const text = decoder.decode(new Uint8Array(buffer, byteOffset - length, length));
  const begin = text.lastIndexOf(BEGIN);
  return begin >= 0 && text.endsWith(LINE + LINE) ? text.slice(begin + LINE.length) : undefined;
}
