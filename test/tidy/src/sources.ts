import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import typescript from 'typescript';

/** One TypeScript file of the project. */
export interface Source {
  /** From the project's root. */
  readonly path: string;
  /** The folder it belongs to, as ARCHITECTURE.md names it: `kernel`, `apps/agent`, `test`. */
  readonly part: string;
  /** Specs, what only they use, and the tests' own library. */
  readonly isTest: boolean;
  readonly text: string;
  /** What it imports, types and re-exports included. */
  readonly imports: readonly string[];
}

/** Every source there is, in the order of their paths. */
export async function readSources(): Promise<readonly Source[]> {
  const roots = ['libs', 'apps', 'examples', 'test'];
  const found = await Promise.all(
    roots.map((root) =>
      readdir(root, { recursive: true }).then((paths) => paths.map((path) => join(root, path))),
    ),
  );
  const paths = found
    .flat()
    .filter((path) => path.endsWith('.ts'))
    .sort();
  return Promise.all(paths.map(async (path) => sourceOf(path, await readFile(path, 'utf8'))));
}

export function sourceOf(path: string, text: string): Source {
  const { importedFiles } = typescript.preProcessFile(text, true, true);
  return {
    path,
    part: partOf(path),
    isTest: /\.spec\.ts$|^(apps|examples)\/[^/]+\/test\/|^libs\/testing\//.test(path),
    text,
    imports: importedFiles.map(({ fileName }) => fileName),
  };
}

export function partOf(path: string): string {
  const [root = '', part = ''] = path.split('/');
  if (root === 'test') return root;
  return root === 'libs' ? part : `${root}/${part}`;
}

export function readDocument(path: string): string {
  return readFileSync(path, 'utf8');
}
