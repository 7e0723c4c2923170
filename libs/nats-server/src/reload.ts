import { readFileSync, statSync } from 'node:fs';
import { NatsServerFailed } from './errors.js';
import { poll } from './waiting.js';

const RELOAD_MS_MAX = 10_000;

/**
 * Makes a nats-server read its configuration file again, and waits until it has done so.
 *
 * @throws {NatsServerFailed} the server rejects the configuration.
 */
export async function reload(pid: number, logFile: string): Promise<void> {
  const from = statSync(logFile).size;
  process.kill(pid, 'SIGHUP');
  const since = () => readFileSync(logFile).subarray(from).toString('utf8');
  // The server reports the outcome in its log only.
  const outcome = await poll(
    () => /(Reloaded|Failed to reload) server config/.exec(since())?.[1],
    RELOAD_MS_MAX,
  );
  if (outcome === 'Reloaded') return;
  throw new NatsServerFailed('nats-server does not take its new configuration', since().trimEnd());
}
