import { runService } from '#service-runtime';
import { startAgent } from './start-agent.js';

await runService(() => startAgent(process.env));
