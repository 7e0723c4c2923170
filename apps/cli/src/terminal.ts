import { printableLines } from '#kernel';
import type { WriteStream } from 'node:tty';

/** Moves the cursor to the top left and erases everything below it. */
const CLEAR = '\u001b[H\u001b[J';

/** How a text may be shown on a terminal: JSON and files must not be broken into lines. */
export type Shape = 'prose' | 'verbatim';

/** What a line begins with, and its colour on a terminal. */
const COLOURS: readonly (readonly [begins: RegExp, code: number])[] = [
  [/^(WRONG|STALE|berth: |error: )/, 31],
  [/^ok\b/, 32],
  [/^warning\b/, 33],
  // The headings of a table.
  [/^[A-Z][A-Z ]* {2}[A-Z][A-Z ]*$/, 1],
];

/**
 * Prints to the standard output. On a terminal, control characters are shown and not obeyed,
 * whoever wrote them, and long lines are broken between words; a file or a pipe gets the text as it
 * is.
 */
export function print(text: string, shape: Shape = 'prose'): void {
  console.log(shown(text, process.stdout, shape));
}

/** Prints to the standard error, in the same way. */
export function complain(text: string): void {
  console.error(shown(text, process.stderr, 'prose'));
}

/** What a shell says of a program that its pipe has ended. */
const PIPE_CLOSED = 141;

/** Ends the program when nobody reads what it prints any more, as `head` does when it has enough. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(PIPE_CLOSED);
    });
  }
}

/** Empties the screen; nothing if there is none. */
export function clearScreen(): void {
  if (process.stdout.isTTY) process.stdout.write(CLEAR);
}

/** The text as the stream can show it: a terminal has a width, and obeys control characters. */
export function shown(text: string, stream: WriteStream, shape: Shape): string {
  if (!stream.isTTY) return text;
  const safe = printableLines(text);
  if (shape === 'verbatim') return safe;
  const lines = safe.split('\n').flatMap((line) => broken(line, stream.columns || Infinity));
  return (stream.hasColors() ? lines.map(coloured) : lines).join('\n');
}

function coloured(line: string): string {
  const code = COLOURS.find(([begins]) => begins.test(line))?.[1];
  return code === undefined ? line : line.replace(/^.*$/, `\u001b[${code}m$&\u001b[0m`);
}

/** Breaks a line between words; what follows is indented like its beginning. */
export function broken(line: string, columns: number): readonly string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const before = rest.lastIndexOf(' ', columns);
    // A word that is too long itself stays whole: it may be copied.
    const at =
      before > indent.length ? before : rest.indexOf(' ', Math.max(columns, indent.length));
    if (at < 0) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = indent + rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
