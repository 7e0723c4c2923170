import { printableLines } from '#kernel';

/** Moves the cursor to the top left and erases everything below it. */
const CLEAR = '\u001b[H\u001b[J';

/**
 * Prints to the standard output. On a terminal, control characters are shown and not obeyed, whoever
 * wrote them; a file or a pipe gets the text as it is.
 */
export function print(text: string): void {
  console.log(process.stdout.isTTY ? printableLines(text) : text);
}

/** Prints to the standard error, in the same way. */
export function complain(text: string): void {
  console.error(process.stderr.isTTY ? printableLines(text) : text);
}

/** Empties the screen; nothing if there is none. */
export function clearScreen(): void {
  if (process.stdout.isTTY) process.stdout.write(CLEAR);
}
