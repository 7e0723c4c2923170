import type { LogChunk } from '#wire';
import type { Print } from './common-options.js';

/** Prints each part of a log as a line of JSON, and says nothing of parts without text. */
export class JsonLogPrinter {
  constructor(private readonly print: Print) {}

  take(chunk: LogChunk): void {
    if (chunk.text !== '') this.end(chunk);
  }

  end(chunk: LogChunk): void {
    this.print(JSON.stringify(chunk), 'verbatim');
  }
}

/** Prints a log line by line: each byte once, and a note where bytes are missing. */
export class LogPrinter {
  private incarnation = 0;
  private at = 0;
  private unfinished = '';

  constructor(private readonly print: Print) {}

  /** Prints the next part of the log. */
  take(chunk: LogChunk): void {
    const { incarnation, from, to } = chunk;
    if (incarnation < this.incarnation) return;
    if (incarnation === this.incarnation) {
      if (to <= this.at) return;
      if (from > this.at) this.line(`... ${from - this.at} bytes are missing ...`);
    }
    const seen = incarnation === this.incarnation ? Math.max(0, this.at - from) : 0;
    this.incarnation = incarnation;
    this.at = to;
    this.write(seen === 0 ? chunk.text : Buffer.from(chunk.text).subarray(seen).toString());
  }

  /** Prints the last part of the log. */
  end(chunk: LogChunk): void {
    this.take(chunk);
    if (this.unfinished !== '') this.line('');
  }

  private write(text: string): void {
    const lines = (this.unfinished + text).split('\n');
    this.unfinished = lines.pop() ?? '';
    if (lines.length > 0) this.print(lines.join('\n'), 'verbatim');
  }

  private line(text: string): void {
    const { unfinished } = this;
    this.unfinished = '';
    this.print([unfinished, text].filter(Boolean).join('\n'), 'verbatim');
  }
}
