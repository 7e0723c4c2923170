/** An event of `text/event-stream`, as WHATWG's HTML standard has it; ids are not kept. */
export interface StreamEvent {
  readonly type: string;
  readonly data: string;
}

/** No event of ours is longer; a stream that says more without an end is not one. */
const EVENT_LENGTH_MAX = 1024 * 1024;

/**
 * Reads events from text that comes in pieces. `heard` is called with every piece, comments too.
 * Throws `RangeError` where an event has no end.
 */
export async function* readEvents(
  pieces: AsyncIterable<Uint8Array>,
  heard: () => void,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    heard();
    const blocks = (rest + decoder.decode(piece, { stream: true }))
      .replaceAll('\r\n', '\n')
      .split('\n\n');
    rest = blocks.pop() ?? '';
    if (rest.length > EVENT_LENGTH_MAX) throw new RangeError('an event has no end');
    for (const block of blocks) {
      const event = eventOf(block);
      if (event !== null) yield event;
    }
  }
}

function eventOf(block: string): StreamEvent | null {
  const fields = block.split('\n').map((line) => /^([^:]*):? ?(.*)$/.exec(line));
  const all = (name: string) => fields.flatMap((field) => (field?.[1] === name ? [field[2]] : []));
  const data = all('data');
  if (data.length === 0) return null;
  return { type: all('event').at(-1) ?? 'message', data: data.join('\n') };
}
