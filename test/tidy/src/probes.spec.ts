import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { filesNamed, PROBES, type Probe } from './probes.js';

const COMPILES_WITHIN_MS = 120_000;

const guide = readFileSync('docs/adding-to-the-domain.md', 'utf8');

/** The guide's section with this heading. */
function section(heading: string): string {
  return guide.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
}

describe('The guide to changes of the domain', () => {
  const named = new Map<Probe, readonly string[]>();

  beforeAll(() => {
    // Two probes concern the same event, and the compiler reports its sample only once.
    for (const probes of [PROBES.slice(0, 1), PROBES.slice(1)]) {
      for (const [probe, files] of filesNamed(process.cwd(), probes)) named.set(probe, files);
    }
  }, COMPILES_WITHIN_MS);

  it.each(PROBES.map((probe) => [probe.heading, probe] as const))(
    '%s: names the same files as the compiler',
    (heading, probe) => {
      expect(named.get(probe)).toEqual([...probe.named].sort());
      for (const file of [probe.file, ...probe.named]) {
        expect(section(heading)).toContain(`\`${file}\``);
      }
    },
  );
});
