/** Writes the client as a package of its own, to be packed or published. */
import { writeClientPackage } from './client-package.js';

const FOLDER = 'dist/packages/client';

await writeClientPackage(process.cwd(), FOLDER);
process.stdout.write(`${FOLDER} written; npm pack ./${FOLDER} makes an archive of it\n`);
