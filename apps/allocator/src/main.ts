import { runMain } from '#service-runtime';
import { allocatorSettings } from './config.js';
import { startAllocator } from './start-allocator.js';

const usage = {
  name: 'allocator',
  purpose: 'gives requests their servers, and writes the log',
  settings: allocatorSettings.shape,
};

await runMain(usage, () => startAllocator(process.env));
