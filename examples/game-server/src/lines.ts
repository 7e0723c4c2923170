import type { Socket } from 'node:net';

/** What becomes of a socket's text. */
export interface LineListener {
  line(text: string): void;
  /** A line got too long. Nothing more is read as lines. */
  tooLong(): void;
}

/** Cuts what a socket receives into lines of at most `lineLengthMax` characters. */
export function readLines(socket: Socket, lineLengthMax: number, listener: LineListener): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', onText);

  function onText(text: string): void {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.length > lineLengthMax) return stop();
      listener.line(oneLine(line));
    }
    if (rest.length > lineLengthMax) stop();
  }

  function stop(): void {
    rest = '';
    socket.off('data', onText);
    socket.resume();
    listener.tooLong();
  }
}

/** Text that stays one line, in a log and on a player's screen, whatever it was made of. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}
