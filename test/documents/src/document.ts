import { lexer, type Token } from 'marked';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A code block that a document prints for its reader to type, write or expect. */
export interface Block {
  /** Path of the document from the project's root. */
  readonly document: string;
  readonly language: string;
  readonly text: string;
  /** Whether it is indented by four spaces instead of fenced, so that its language is unknown. */
  readonly isIndented: boolean;
}

/** The documents for users of Berth; generated ones contain no examples to test. */
export function documents(): readonly string[] {
  const pages = readdirSync('docs').filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', ...pages.sort().map((name) => join('docs', name))];
}

/** The blocks of a document, in reading order. */
export function blocksOf(document: string): readonly Block[] {
  return codeIn(lexer(readFileSync(document, 'utf8'))).map((code) => ({ document, ...code }));
}

function codeIn(tokens: readonly Token[]): readonly Omit<Block, 'document'>[] {
  return tokens.flatMap((token) => {
    if (token.type === 'code') {
      const { lang, text, codeBlockStyle } = token as { [key: string]: string | undefined };
      const isIndented = codeBlockStyle === 'indented';
      return [{ language: lang ?? '', text: text ?? '', isIndented }];
    }
    const { tokens: inner, items } = token as { tokens?: Token[]; items?: Token[] };
    return codeIn([...(inner ?? []), ...(items ?? [])]);
  });
}
