/** What would move the cursor, colour the screen, hide text or turn its direction. */

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text of games and strangers on one line, with its control characters written as `\u001b`. */
export function printable(text: string): string {
  return text.replace(CONTROLS, escaped);
}

/** The same for text of several lines: line ends and tabs stay as they are. */
export function printableLines(text: string): string {
  return text.replace(CONTROLS, (sign) => (sign === '\n' || sign === '\t' ? sign : escaped(sign)));
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
