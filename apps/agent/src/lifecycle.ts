import { isOrphaned } from '#service-runtime';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Agent } from './agent.js';

/** What is open as long as the agent runs, closed in the right order when Nest shuts down. */
export class AgentLifecycle implements OnApplicationShutdown {
  constructor(
    private readonly agent: Agent,
    private readonly disconnect: () => Promise<void>,
    private readonly unlock: () => void,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    // Nobody asked for the sessions' end where the process that started this one was killed.
    await this.agent.close(isOrphaned() ? 'keep' : undefined);
    // What was reported last is still on its way out.
    await this.disconnect();
    this.unlock();
  }
}
