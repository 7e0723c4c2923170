import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { askAtRate, keepInFlight } from './asking.js';

describe('a load with a fixed number of requests in flight', () => {
  it('sends the given number of requests, and never has more in flight', async () => {
    let underWay = 0;
    let most = 0;
    const allocate = async (id: string) => {
      most = Math.max(most, (underWay += 1));
      await sleep(1);
      underWay -= 1;
      return !id.startsWith('0');
    };
    const { latencies, errors } = await keepInFlight(allocate, 4, 40);
    expect(latencies.length + errors).toBe(40);
    expect(most).toBe(4);
  });
});

describe('a load with a fixed number of requests per second', () => {
  it('counts a stall for every request that had to wait for it', async () => {
    const stalledUntil = performance.now() + 100;
    const allocate = async () => {
      while (performance.now() < stalledUntil) await sleep(stalledUntil - performance.now());
      return true;
    };
    const { latencies, elapsedMs } = await askAtRate(allocate, 200, 40);
    expect(latencies.filter((ms) => ms > 20).length).toBeGreaterThan(10);
    expect(elapsedMs).toBeGreaterThan(180);
  });
});
