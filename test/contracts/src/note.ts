import { Unparsable, type Codec, type LogRecord } from '#kernel';

/** The smallest possible record: the log's contract knows nothing of slots. */
export interface Note extends LogRecord {
  readonly text: string;
}

let drawn = 0;

/** A note with an id of its own. */
export function aNote(text: string): Note {
  drawn += 1;
  return { id: `note-${drawn}`, text };
}

export const noteCodec: Codec<Note> = {
  contentType: 'application/json',

  encode(_subject, { id, text }) {
    return new TextEncoder().encode(JSON.stringify({ id, text }));
  },

  decode(_subject, body) {
    let note: Partial<Note>;
    try {
      note = JSON.parse(new TextDecoder().decode(body)) as Partial<Note>;
    } catch (cause) {
      throw new Unparsable('not JSON', { cause });
    }
    if (typeof note.id !== 'string' || typeof note.text !== 'string')
      throw new Unparsable('no note');
    return { id: note.id, text: note.text };
  },
};
