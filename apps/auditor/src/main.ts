import { runMain } from '#service-runtime';
import { auditorSettings } from './config.js';
import { startAuditor } from './start-auditor.js';

const usage = {
  name: 'auditor',
  purpose: 'indexes the history, and answers questions about past allocations',
  settings: auditorSettings.shape,
};

await runMain(usage, () => startAuditor(process.env));
