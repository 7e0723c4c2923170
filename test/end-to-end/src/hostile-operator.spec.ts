import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BerthDev } from './berth-dev.js';
import { hostileSuite } from './hostile-suite.js';

// The same identities and acts, where identities are users of an operator's accounts.
hostileSuite(async () => {
  const berth = new BerthDev();
  await mkdir(join(berth.data, 'access'));
  await berth.access('nats', 'config', '--operator');
  await berth.start(1);
  return berth;
});
