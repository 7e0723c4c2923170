/** An event of `text/event-stream` (server-sent events). */
export interface StreamEvent {
  /** The event's own id; undefined if it has none. */
  readonly id: string | undefined;
  readonly type: string;
  readonly data: string;
}

/** Limit for one event (characters): none of ours is longer, so a longer one never ends. */
const EVENT_LENGTH_MAX = 4 * 1024 * 1024;

/**
 * Reads events from a byte stream.
 *
 * @param arrived called with every piece, also for comments: it shows that the server is alive
 * @throws {RangeError} an event exceeds the limit.
 */
export async function* readEvents(
  pieces: AsyncIterable<Uint8Array>,
  arrived: () => void = () => undefined,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    arrived();
    const blocks = (rest + decoder.decode(piece, { stream: true }))
      .replaceAll('\r\n', '\n')
      .split('\n\n');
    rest = blocks.pop() ?? '';
    if (rest.length > EVENT_LENGTH_MAX)
      throw new RangeError('an event is too long: its end was not found');
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
  return { id: all('id').at(-1), type: all('event').at(-1) ?? 'message', data: data.join('\n') };
}
