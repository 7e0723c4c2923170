import { describe, expect, it } from '@jest/globals';
import { Unparsable, readItem, type Codec, type LogRecord } from '#kernel';

/**
 * The bytes are the id. An empty body is unparsable; a leading zero makes the codec itself fail.
 */
const codec: Codec<LogRecord> = {
  contentType: 'text/plain',
  encode: (_, { id }) => new TextEncoder().encode(id),
  decode(_, body) {
    if (body.length === 0) throw new Unparsable('nothing there');
    if (body[0] === 0) throw new RangeError('out of stack');
    return { id: new TextDecoder().decode(body) };
  },
};

const read = (...body: number[]) => readItem(codec, 'a', 7, Uint8Array.from(body));
const unreadable = { kind: 'unreadable', subject: 'a', sequence: 7 };

describe('A stored message', () => {
  it('is decoded with its sequence', () => {
    const item = { kind: 'recorded', subject: 'a', sequence: 7, record: { id: 'x' } };
    expect(read('x'.charCodeAt(0))).toEqual(item);
  });

  it('is set aside if it cannot be parsed, whatever the codec throws', () => {
    expect(read()).toEqual({ ...unreadable, reason: 'nothing there' });
    expect(read(0)).toEqual({ ...unreadable, reason: 'out of stack' });
  });
});
