import { printJson } from '#json';
import type { LogItem } from '#kernel';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { SlotRecord } from '#wire';
import type { Caller } from '../../auth/caller.js';
import { cursorText, type Cursor } from './cursor.js';
import { eventJson } from './event-json.js';

/**
 * A client with this many unread bytes is disconnected; it resumes from the last event that it did
 * read. Room for several events of the largest possible size, 1 MiB.
 */
const UNREAD_BYTES_MAX = 4 * 1_048_576;

/** One connected listener, in the format of server-sent events. */
export class EventClient {
  private readonly gone = new AbortController();

  constructor(
    private readonly response: ServerResponse,
    private readonly cursor: Cursor,
    private readonly reader: Caller,
  ) {
    response.once('close', () => this.gone.abort());
    // A broken connection emits `close` right after `error`.
    response.on('error', () => undefined);
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.comment('berth events');
  }

  get signal(): AbortSignal {
    return this.gone.signal;
  }

  /** Whether it listens with the access token of this id. */
  isOf(id: string): boolean {
    return this.reader.id === id;
  }

  after(region: string): number {
    return this.cursor.get(region) ?? 0;
  }

  /** Marks everything up to `sequence` in this region as sent. */
  advance(region: string, sequence: number): void {
    this.cursor.set(region, Math.max(sequence, this.after(region)));
  }

  /** Events have no SSE event name, so that a browser's `onmessage` receives all of them. */
  tell(region: string, item: LogItem<SlotRecord>): void {
    if (item.sequence <= this.after(region)) return;
    this.advance(region, item.sequence);
    this.write(
      `id: ${cursorText(this.cursor)}\ndata: ${printJson(eventJson(item, this.reader))}\n\n`,
    );
  }

  /** Sends a heartbeat, or ends the stream if its reader's access has ended. */
  beat(): void {
    if (this.reader.isWelcome()) this.comment('still here');
    else this.end();
  }

  comment(text: string): void {
    this.write(`: ${text}\n\n`);
  }

  /** Resolves when there is room for more data; rejects if the client is gone. */
  async room(): Promise<void> {
    this.signal.throwIfAborted();
    if (this.response.writableNeedDrain) {
      await once(this.response, 'drain', { signal: this.signal });
    }
  }

  end(): void {
    this.response.end();
  }

  private write(text: string): void {
    if (this.signal.aborted || this.response.writableEnded) return;
    this.response.write(text);
    if (this.response.writableLength > UNREAD_BYTES_MAX) this.response.destroy();
  }
}
