/** Writes the checksums of the packages, signed if `SIGNING_KEY_FILE` names a key. */
import { writeChecksums } from './checksums.js';

await writeChecksums('dist/packages', process.env['SIGNING_KEY_FILE'] || undefined);
