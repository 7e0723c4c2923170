/** Writes the libs that users install as packages, each with its archive. */
import { pack, PACKAGES } from './package.js';

for (const one of PACKAGES) {
  const archive = await pack(process.cwd(), one, 'dist/packages');
  process.stdout.write(`${archive}: npm install it for ${one.name}\n`);
}
