import { readFileSync } from 'node:fs';

/**
 * Makes a nats-server of this machine read its files again.
 *
 * @param pidFile where the server has written its process id
 * @throws {Error} there is no such file, no id in it, or no such process
 */
export function reloadServer(pidFile: string): void {
  const pid = Number(readFileSync(pidFile, 'utf8'));
  // 0, which an empty file would be, signals this process and all of its group.
  if (!Number.isInteger(pid) || pid < 1) throw new Error(`${pidFile} has no process id`);
  process.kill(pid, 'SIGHUP');
}
