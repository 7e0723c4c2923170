/** One event of a stream, as far as it is used here (HTML, section 9.2). */
export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly data: string;
}

/** No event of ours is larger; what is, is no stream of ours (characters). */
const EVENT_LENGTH_MAX = 4 * 1_048_576;

/** Puts the pieces of a stream together to its events; comments are left out. */
export async function* serverSentEvents(
  pieces: AsyncIterable<string>,
): AsyncGenerator<ServerSentEvent> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    const blocks = text.split(/\r?\n\r?\n/);
    text = blocks.pop() ?? '';
    if (text.length > EVENT_LENGTH_MAX) throw new RangeError('an event is too large');
    for (const block of blocks) {
      const event = eventIn(block);
      if (event !== undefined) yield event;
    }
  }
}

function eventIn(block: string): ServerSentEvent | undefined {
  const lines = block.split(/\r?\n/);
  const valuesOf = (field: string) =>
    lines
      .filter((line) => line.startsWith(`${field}:`))
      .map((line) => line.slice(field.length + 1).replace(/^ /, ''));
  const data = valuesOf('data');
  return data.length === 0 ? undefined : { id: valuesOf('id').at(-1), data: data.join('\n') };
}
