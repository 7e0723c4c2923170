import { runService } from '#service-runtime';
import { startAgent } from './run-agent.js';

await runService(() => startAgent(process.env));
