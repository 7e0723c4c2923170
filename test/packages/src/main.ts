/** Writes Berth, and the libs that users install as packages, each as an archive. */
import { pack, packBerth, PACKAGES } from './package.js';

const INTO = 'dist/packages';

const berth = await packBerth(process.cwd(), INTO);
process.stdout.write(`${berth}: npm install --global it for berth\n`);
for (const one of PACKAGES) {
  const archive = await pack(process.cwd(), one, INTO);
  process.stdout.write(`${archive}: npm install it for ${one.name}\n`);
}
