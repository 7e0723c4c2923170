import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** Levels above this file: three in the sources, four once compiled. */
const PLACES = ['../../../package.json', '../../../../package.json'];

const packageFile = z.object({ version: z.string() });

/** Berth's version, as its package says. */
export const version = readVersion();

function readVersion(): string {
  const place = PLACES.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (place === undefined) return 'unknown';
  return packageFile.parse(JSON.parse(readFileSync(place, 'utf8'))).version;
}
