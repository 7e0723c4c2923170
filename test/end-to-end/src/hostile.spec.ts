import { BerthDev } from './berth-dev.js';
import { hostileSuite } from './hostile-suite.js';

hostileSuite(async () => {
  const berth = new BerthDev();
  await berth.start(1);
  return berth;
});
