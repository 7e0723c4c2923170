import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pages, stalePages } from './pages.js';

/** Writes the generated documentation; with `--check`, only reports what is stale. */
const root = process.cwd();
const stale = await stalePages(root);

for (const path of stale) {
  if (process.argv.includes('--check')) {
    console.error(`${path} is stale: npm run docs`);
    process.exitCode = 1;
    continue;
  }
  await mkdir(dirname(`${root}/${path}`), { recursive: true });
  await writeFile(`${root}/${path}`, pages.get(path)?.() ?? '');
  console.log(`${path} written`);
}
