import { TOKEN } from '#wire';
import { invalid } from '../../http/problems.js';

/**
 * A place in the logs of several regions: after which sequence in each. As text it is the id of a
 * server-sent event, `local:12` or `eu:7,us:12`, so that a client that comes back with its last id
 * goes on in every region.
 */
export type Cursor = Map<string, number>;

export function cursorText(cursor: Cursor): string {
  return [...cursor].map(([region, sequence]) => `${region}:${sequence}`).join(',');
}

/**
 * Where to go on: what the text says, for the regions there are; `start` where it says nothing. A
 * bare number is enough where there is one region. Throws a `Problem` for what is no cursor.
 */
export function cursorFrom(text: string | undefined, start: Cursor): Cursor {
  const cursor = new Map(start);
  if (text === undefined || text === '') return cursor;
  const [only, ...more] = start.keys();
  for (const part of text.split(',')) {
    const [sequence, region, ...rest] = part.split(':').reverse();
    const named = region ?? (more.length === 0 ? only : undefined);
    if (
      rest.length > 0 ||
      named === undefined ||
      !TOKEN.test(named) ||
      !/^\d{1,15}$/.test(sequence ?? '')
    ) {
      throw invalid(`"${text}" is no event id of this API, which reads region:sequence`);
    }
    if (start.has(named)) cursor.set(named, Number(sequence));
  }
  return cursor;
}
