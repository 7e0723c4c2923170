import { runService } from '#service';
import { startAgent } from './run-agent.js';

await runService(() => startAgent(process.env));
