import { runMain } from '#service-runtime';
import { agentSettings } from './config.js';
import { startAgent } from './start-agent.js';

const usage = {
  name: 'agent',
  purpose: "owns a machine's slots and runs the game in each of them",
  settings: agentSettings,
};

await runMain(usage, () => startAgent(process.env));
