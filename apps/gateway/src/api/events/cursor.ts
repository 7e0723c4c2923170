import { TOKEN } from '#wire';
import { invalid } from '../../http/problems.js';

/**
 * A place in the logs of several regions: the last sequence read in each. As text it is the id of a
 * server-sent event, `local:12` or `eu:7,us:12`, so that a client that reconnects with its last id
 * goes on in every region.
 */
export type Cursor = Map<string, number>;

export function cursorText(cursor: Cursor): string {
  return [...cursor].map(([region, sequence]) => `${region}:${sequence}`).join(',');
}

/**
 * Parses a cursor. Regions that the text does not name begin at `start`; unknown regions are
 * ignored. A bare number is enough if there is only one region. Throws a `Problem` if the text is
 * not a cursor.
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
      throw invalid(`"${text}" is no event id of this API; event ids are region:sequence`);
    }
    if (start.has(named)) cursor.set(named, Number(sequence));
  }
  return cursor;
}
