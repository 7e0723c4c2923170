import { startNatsServer } from '#nats-server';
import { freePort } from '#testing';
import { expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storagesAt, warnOfUnsynced } from './nats-storage.js';

/** What is logged about these servers. */
async function logged(...monitors: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const log = (...said: readonly unknown[]) => void lines.push(JSON.stringify(said));
  await warnOfUnsynced(monitors, { info: log, warn: log });
  return lines;
}

async function serverThat(syncAlways: boolean) {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'berth-synced-'));
  const monitorPort = await freePort();
  const server = await startNatsServer({ dataDirectory, syncAlways, monitorPort });
  const close = async () => {
    await server.kill();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  return { monitor: `http://127.0.0.1:${monitorPort}`, close };
}

it('A nats-server that syncs is not warned of; one that does not, or does not answer, is', async () => {
  const [synced, unsynced] = [await serverThat(true), await serverThat(false)];
  const away = `http://127.0.0.1:${await freePort()}`;
  try {
    expect(await logged(synced.monitor)).toEqual([]);
    const lines = await logged(synced.monitor, unsynced.monitor, away);
    expect(lines).toHaveLength(2);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(`${unsynced.monitor}.*sync_interval: always.*loses events`),
        expect.stringMatching(`${away}.*does not say whether it syncs`),
      ]),
    );
    expect(await storagesAt([unsynced.monitor, away])).toEqual([
      {
        monitor: unsynced.monitor,
        storage: {
          ...{ isSynced: false, storedBytes: 0, reservedBytes: 0 },
          limitBytes: expect.any(Number),
        },
      },
      { monitor: away, storage: null },
    ]);
    expect(await storagesAt([])).toBeNull();
    expect(await logged()).toEqual([expect.stringContaining('NATS_MONITOR_URLS is not set')]);
  } finally {
    await Promise.all([synced.close(), unsynced.close()]);
  }
});
