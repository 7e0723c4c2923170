/** Writes the checksums of the packages, signed if `BERTH_SIGNING_KEY_FILE` names a key. */
import { writeChecksums } from './checksums.js';

await writeChecksums('dist/packages', process.env['BERTH_SIGNING_KEY_FILE'] || undefined);
