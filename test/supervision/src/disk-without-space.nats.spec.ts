import { startNatsServer, type NatsServer } from '#nats-server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SmallMachine } from './small-machine.js';

const DISK_MIB = 24;
const FILL_BYTES = [1_048_576, 4_096, 1] as const;

/** An allocator knows after 5 s that what it appends is not answered; on a loaded computer (ms). */
const TOLD_WITHIN_MS = 30_000;
const WITHIN_MS = 30_000;
const SECONDS_FULL = 5;

const REASON =
  /cannot write to its disk|does not answer what is appended|JetStream is disabled|has no room/;

/** A machine whose nats-server has a small file system of its own. */
class DiskMachine extends SmallMachine {
  protected override async startServers(): Promise<readonly NatsServer[]> {
    const { dataDirectory } = this;
    mkdirSync(dataDirectory);
    mount(['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', dataDirectory]);
    return [await startNatsServer({ dataDirectory })];
  }

  private get filler(): string {
    return join(this.dataDirectory, 'filler');
  }

  fill(): void {
    for (const bytes of FILL_BYTES) while (hasRoomFor(this.filler, bytes));
  }

  makeRoom(): void {
    rmSync(this.filler);
  }

  async restartServer(): Promise<void> {
    for (const server of this.servers) {
      await server.kill();
      await server.restart();
    }
  }

  override async close(): Promise<void> {
    execFileSync('umount', ['--lazy', this.dataDirectory]);
    await super.close();
  }
}

function mount(words: readonly string[]): void {
  execFileSync('mount', words, { stdio: 'pipe' });
}

function hasRoomFor(path: string, bytes: number): boolean {
  try {
    appendFileSync(path, new Uint8Array(bytes));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

describe("A disk of nats-server's without space", () => {
  if (process.getuid?.() !== 0) {
    it.skip('is not tried: only root mounts a small file system', () => undefined);
    return;
  }
  const machine = new DiskMachine(3);
  let before: readonly string[];
  let told: readonly string[] = [];

  beforeAll(async () => {
    await machine.start();
    await machine.whenReady(true, WITHIN_MS);
    expect(await machine.allocate('kept')).toMatch(/^201 /);
    before = await machine.stored();
    machine.fill();
  }, 180_000);

  afterAll(() => machine.close(), 60_000);

  it(
    'is told by name, with what to do, by allocator and gateway, second by second',
    async () => {
      // What is small may still fit; each of these needs more.
      const asked = Array.from({ length: 3 }, (_, index) => machine.allocate(`full-${index}`));
      told = await machine.whenReady(false, TOLD_WITHIN_MS);
      for (let second = 0; second < SECONDS_FULL; second += 1) {
        for (const said of await machine.readyz()) expect(said).toMatch(/^503 .*Remedy: /);
        await sleep(1_000);
      }
      for (const said of told) expect(said).toMatch(REASON);
      for (const said of await Promise.all(asked)) expect(said).toMatch(/^(201|50[34]) /);
    },
    2 * TOLD_WITHIN_MS,
  );

  it(
    'is recovered from by what it says, and nothing that was acknowledged is lost',
    async () => {
      const needsRestart = told.join().includes('restart nats-server');
      machine.makeRoom();
      if (needsRestart) await machine.restartServer();
      await machine.whenReady(true, WITHIN_MS);
      expect(await machine.allocate('kept')).toMatch(/^20[01] /);
      expect((await machine.stored()).slice(0, before.length)).toEqual(before);
      expect(machine.slotOf('kept')?.state.value).toEqual({ allocated: 'live' });
      await machine.client.deallocate({ allocationId: 'kept', region: 'local' });
      expect(await machine.allocate('after')).toMatch(/^201 /);
    },
    2 * WITHIN_MS,
  );
});
