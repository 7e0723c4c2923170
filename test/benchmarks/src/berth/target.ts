import type { Target } from '../target.js';
import { startWorker } from '../worker.js';
import { region } from './setting.js';

/** Berth's own NATS path: the real allocator service as it is deployed, and an agent without games. */
export const berthTarget: Target = {
  name: 'berth',
  requestsModule: new URL('./requests.js', import.meta.url),
  async start(natsUrl) {
    const main = new URL('../../../../apps/allocator/src/main.js', import.meta.url);
    const settings = { NATS_URL: natsUrl, BERTH_REGIONS: region, LOG_LEVEL: 'warn' };
    const allocator = await startWorker(main, {}, { env: settings });
    const agent = await startWorker(new URL('./agent.js', import.meta.url), { natsUrl });
    return {
      async stop() {
        await Promise.all([allocator.stop(), agent.stop()]);
      },
    };
  },
};
