/** A command line cannot be split into words; `message` says why. */
export class CommandLineInvalid extends Error {
  override readonly name = 'CommandLineInvalid';
}

export interface CommandLine {
  readonly words: readonly string[];
  /** Words that hold quotes, which another way of splitting the line would remove. */
  readonly kept: readonly string[];
}

/**
 * Backslashes before a double quote: each pair becomes one backslash, and an odd one escapes the
 * quote.
 */
const ESCAPED = /^(\\*)"/;

/**
 * The words of a command line. Multiplay never published how it splits one. So this function does
 * what shells and Windows have in common, and removes nothing else: quotes at the beginning of a
 * word, or after `=`, hold the word together and are removed; quotes within a word stay, as in
 * `{"mode":"dm"}`; `\"` is a quote; any other backslash stays.
 *
 * @throws {CommandLineInvalid} if a quote is not closed
 */
export function wordsOf(line: string): CommandLine {
  const words: string[] = [];
  const kept: string[] = [];
  let rest = line.trimStart();
  while (rest !== '') {
    const { word, length, keepsQuotes } = firstWord(rest);
    words.push(word);
    if (keepsQuotes) kept.push(word);
    rest = rest.slice(length).trimStart();
  }
  return { words, kept };
}

/** The line that `wordsOf` splits into these words. */
export function lineOf(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function firstWord(text: string) {
  let word = '';
  let at = 0;
  let keepsQuotes = false;
  let mayOpen = true;
  while (at < text.length && !/\s/.test(text.charAt(at))) {
    const escaped = ESCAPED.exec(text.slice(at));
    const quote = escaped === null ? text.charAt(at) : '"';
    const slashes = escaped?.[1]?.length ?? 0;
    if (slashes % 2 === 1) {
      word += `${'\\'.repeat(slashes >> 1)}"`;
      at += slashes + 1;
      mayOpen = false;
    } else if (/["']/.test(quote) && mayOpen) {
      const { inner, length } = quotedPart(text.slice(at + slashes), quote);
      word += '\\'.repeat(slashes >> 1) + inner;
      at += slashes + length;
    } else {
      const length = quote === '"' ? slashes + keptPart(text.slice(at + slashes)) : 1;
      word += text.slice(at, at + length);
      at += length;
      keepsQuotes ||= /["']/.test(quote);
      mayOpen = word.endsWith('=');
    }
  }
  return { word, length: at, keepsQuotes };
}

/** The text between an opening quote and the one that closes it. */
function quotedPart(text: string, quote: string) {
  let inner = '';
  for (let at = 1; at < text.length;) {
    const [, slashes = ''] = (quote === '"' && ESCAPED.exec(text.slice(at))) || [];
    inner += '\\'.repeat(slashes.length >> 1);
    at += slashes.length;
    if (slashes.length % 2 === 0 && text.charAt(at) === quote) return { inner, length: at + 1 };
    inner += text.charAt(at);
    at += 1;
  }
  throw new CommandLineInvalid(`the quote that begins with ${text} is not closed`);
}

/** Length of a pair of quotes within a word, with what is between them; 1 for a single quote. */
function keptPart(text: string): number {
  return /^"(?:[^"\\]|\\.)*"/s.exec(text)?.[0].length ?? 1;
}

function quoted(word: string): string {
  if (/^[^\s"']+$/.test(word)) return word;
  const inner = word.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&');
  return `"${inner}"`;
}
