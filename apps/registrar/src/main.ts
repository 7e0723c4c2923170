import { runMain } from '#service-runtime';
import { registrarSettings } from './config.js';
import { startRegistrar } from './start-registrar.js';

const usage = {
  name: 'registrar',
  purpose: 'owns the slots of servers that register themselves',
  settings: registrarSettings.shape,
};

await runMain(usage, () => startRegistrar(process.env));
