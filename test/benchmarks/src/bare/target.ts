import type { Target } from '../target.js';
import { startWorker } from '../worker.js';
import type { BareParameters } from './wire.js';

/**
 * The floor: the same steps over the same bus with nothing around them: no machine, no validation,
 * no recovery, no framework. The difference to it is what Berth costs.
 */
export const bareTarget: Target = {
  name: 'bare',
  requesterModule: new URL('./requester.js', import.meta.url),
  async start({ natsUrl }) {
    const address: BareParameters = { natsUrl };
    const allocator = await startWorker(new URL('./allocator.js', import.meta.url), address);
    const agent = await startWorker(new URL('./agent.js', import.meta.url), address);
    return {
      address,
      processes: { allocator: allocator.pid, agent: agent.pid },
      async stop() {
        await Promise.all([allocator.stop(), agent.stop()]);
      },
    };
  },
};
