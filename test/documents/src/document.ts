import { lexer, type Token } from 'marked';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that a document prints for its reader to type, write or expect. */
export interface Block {
  /** Its path from the project's root. */
  readonly document: string;
  readonly language: string;
  readonly text: string;
  /** Written with four spaces before it, so that nobody knows its language. */
  readonly isIndented: boolean;
}

/** What people read who use Berth; what is generated is no example. */
export function documents(): readonly string[] {
  const pages = readdirSync('docs').filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', ...pages.sort().map((name) => join('docs', name))];
}

/** The blocks of a document in the order in which they are read. */
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
