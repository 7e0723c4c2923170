import { readFile } from 'node:fs/promises';
import { accessPage, asyncApiPage, errorsPage, openApiPage } from './api-pages.js';
import { charts, performancePage } from '../../benchmarks/src/page.js';
import { configurationPage } from './configuration-page.js';
import { metricsPage } from './metrics-page.js';
import { permissionsPage } from './permissions-page.js';
import { slotPage } from './slot-chart.js';
import { subjectsPage } from './subjects-page.js';

/** The generated files: the path of each from the project's root, and its text. */
export const pages: ReadonlyMap<string, () => string> = new Map([
  ['docs/configuration.md', configurationPage],
  ['docs/errors.md', errorsPage],
  ['docs/metrics.md', metricsPage],
  ['docs/generated/access.md', accessPage],
  ['docs/generated/asyncapi.json', asyncApiPage],
  ['docs/generated/openapi.json', openApiPage],
  ['docs/generated/permissions.md', permissionsPage],
  ['docs/generated/slot.md', slotPage],
  ['docs/generated/subjects.md', subjectsPage],
  ['docs/performance.md', performancePage],
  ...charts,
]);

/** The generated files that are missing or differ from what the code generates. */
export async function stalePages(root: string): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const [path, page] of pages) {
    const found = await readFile(`${root}/${path}`, 'utf8').catch(() => undefined);
    if (found !== page()) stale.push(path);
  }
  return stale;
}
