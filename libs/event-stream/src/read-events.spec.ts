import { describe, expect, it } from '@jest/globals';
import { readEvents, type StreamEvent } from './read-events.js';

async function read(...pieces: (string | Uint8Array)[]): Promise<StreamEvent[]> {
  const encoder = new TextEncoder();
  const bytes = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
  const events: StreamEvent[] = [];
  for await (const event of readEvents(ReadableStream.from(bytes))) {
    events.push(event);
  }
  return events;
}

describe('an event stream', () => {
  it('is read across its chunks, even if they split a character', async () => {
    const bytes = new TextEncoder().encode('event: a\ndata: ä\n\n');
    const cut = bytes.indexOf(0xc3) + 1;
    const expected = [{ id: undefined, type: 'a', data: 'ä' }];
    expect(await read(bytes.slice(0, cut), bytes.slice(cut))).toEqual(expected);
  });

  it('may hold comments, unknown fields and several lines of data', async () => {
    expect(
      await read(': here\n\nid: 7\nretry\ndata: one\ndata:two\n\n', 'data: three\n\n'),
    ).toEqual([
      { id: '7', type: 'message', data: 'one\ntwo' },
      { id: undefined, type: 'message', data: 'three' },
    ]);
  });

  it('does not deliver an event that was cut off', async () => {
    expect(await read('event: a\ndata: half')).toEqual([]);
  });

  it('is closed if an event has no end', async () => {
    await expect(read('x'.repeat(4 * 1024 * 1024 + 1))).rejects.toThrow(RangeError);
  });
});
