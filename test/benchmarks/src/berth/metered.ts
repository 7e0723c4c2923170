import { freePort } from '#testing';
import type { Target } from '../target.js';
import { berthTarget, targetOf } from './target.js';

/** Fifteen times as often as `deploy/prometheus.yml` asks, so that each round has scrapes. */
const SCRAPE_MS = 1_000;

/** Berth over NATS, with metrics that are scraped; without a port for them, nothing is counted. */
export const meteredTarget: Target = {
  name: 'berth metrics',
  requesterModule: berthTarget.requesterModule,
  async start(surroundings) {
    const port = await freePort();
    const settings = { BERTH_METRICS_PORT: String(port) };
    const running = await targetOf('berth metrics', 'metered', settings).start(surroundings);
    if ('skipped' in running) return running;
    const timer = setInterval(() => void scrape(port), SCRAPE_MS);
    const stop = async () => {
      clearInterval(timer);
      await running.stop();
    };
    return { ...running, stop };
  },
};

/** A scrape that fails is not made again: the next one comes anyway. */
async function scrape(port: number): Promise<void> {
  try {
    await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  } catch {
    // The allocator is just being stopped.
  }
}
