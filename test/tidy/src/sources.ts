import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One TypeScript file of the project. */
export interface Source {
  /** Path from the project's root. */
  readonly path: string;
  /** Whether it is a spec, used only by specs, or part of the tests' own library. */
  readonly isTest: boolean;
  readonly text: string;
}

/** Every source file, in the order of the paths. */
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

function sourceOf(path: string, text: string): Source {
  const isTest = /\.spec\.ts$|^(apps|examples|libs)\/[^/]+\/test\/|^libs\/testing\//.test(path);
  return { path, isTest, text };
}

/** Every Markdown page in a folder, by its path from the project's root. */
export async function documentsIn(folder: string): Promise<readonly string[]> {
  const paths = await readdir(folder, { recursive: true });
  return paths.filter((path) => path.endsWith('.md')).map((path) => join(folder, path));
}

export function readDocument(path: string): string {
  return readFileSync(path, 'utf8');
}
