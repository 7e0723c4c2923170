/** One server-sent event. */
interface SentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** The events in a stream's text, by their names; comments are skipped. */
export function eventsIn(stream: string): Readonly<Record<string, SentEvent>> {
  const events = stream
    .split('\n\n')
    .map((lines) => {
      const fields = lines.split('\n').map((line) => line.split(/: (.*)/));
      return new Map(fields.map(([name = '', value = '']) => [name, value]));
    })
    .filter((fields) => fields.has('event'))
    .map((fields) => ({
      id: fields.get('id') ?? '',
      event: fields.get('event') ?? '',
      data: JSON.parse(fields.get('data') ?? 'null') as unknown,
    }));
  return Object.fromEntries(events.map((event) => [event.event, event]));
}

/** Collects what a stream sends until it is closed. */
export async function listen(url: string) {
  const closing = new AbortController();
  const response = await fetch(url, { signal: closing.signal });
  let text = '';
  const gathered = (async () => {
    const pieces = (response.body ?? []) as AsyncIterable<Uint8Array>;
    for await (const piece of pieces) text += new TextDecoder().decode(piece);
  })().catch(() => undefined);
  return {
    heard: () => text,
    close: async () => {
      closing.abort();
      await gathered;
    },
  };
}
