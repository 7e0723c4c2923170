import { slotsAnswer } from '#http-api';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiOf } from '../operate/common-options.js';

const SLOTS_WITHIN_MS = 20_000;
const POLL_MS = 50;

/** Throws if a process listens on the port; the message names the option that changes it. */
export async function checkPortFree(
  host: string,
  port: number,
  what: string,
  option: string,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `port ${port}, wanted for ${what}, is taken: stop what uses it, or choose another with ${option}`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error);
    });
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

/**
 * Resolves when `count` slots of the API have a process or are not free; throws after
 * `SLOTS_WITHIN_MS`.
 */
export async function waitForSlots(api: string, count: number): Promise<void> {
  const until = Date.now() + SLOTS_WITHIN_MS;
  while (Date.now() < until) {
    if ((await slotsShown(api)) >= count) return;
    await sleep(POLL_MS);
  }
  throw new Error(
    `the slots did not register within ${SLOTS_WITHIN_MS / 1000} s; see the agent's log`,
  );
}

async function slotsShown(api: string): Promise<number> {
  try {
    const { slots } = await apiOf({ api }).get('/v1/slots?limit=1000', slotsAnswer);
    return slots.filter(({ process, status }) => process !== null || status !== 'available').length;
  } catch {
    return 0;
  }
}
