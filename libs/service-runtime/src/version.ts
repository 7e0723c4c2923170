import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** The package file, as seen from this file: three levels up in the sources, four once compiled. */
const PLACES = ['../../../package.json', '../../../../package.json'];

const packageFile = z.object({ version: z.string() });

/** Berth's version from its package file; `unknown` if there is none. */
export const version = readVersion();

function readVersion(): string {
  const place = PLACES.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (place === undefined) return 'unknown';
  return packageFile.parse(JSON.parse(readFileSync(place, 'utf8'))).version;
}
