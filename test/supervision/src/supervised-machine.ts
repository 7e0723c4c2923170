import type { BerthClient } from '#client';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Player } from '../../end-to-end/src/player.js';
import { Service } from '../../storm/src/service.js';
import { Machine } from './machine.js';

const ALLOCATOR = pathToFileURL(resolve('dist/apps/allocator/src/main.js'));

/** How long a loaded computer may take until all slots are warm (ms). */
export const START_MS = 90_000;

/** Everything serves again within this (ms), without a hand. */
export const WITHIN_MS = 30_000;

export type Allocated = Awaited<ReturnType<BerthClient['allocate']>>;

/** A machine whose two allocators are started again when they end, and the players of its games. */
export class SupervisedMachine extends Machine {
  readonly allocators: Service[] = [];
  protected readonly allocatorSettings: Readonly<Record<string, string>> = {};
  private readonly players: Player[] = [];

  ask(allocationId: string): Promise<Allocated> {
    return this.client.allocate({
      ...{ region: 'local', allocationId },
      ...{ waitMs: WITHIN_MS, timeoutMs: WITHIN_MS },
    });
  }

  /** Asks for a server, and plays there. */
  async play(allocationId: string): Promise<Allocated> {
    const server = await this.ask(allocationId);
    const player = await Player.join(server.address);
    await player.hear();
    this.players.push(player);
    return server;
  }

  /** What each player's game answers to a text. */
  echoes(text: string): Promise<readonly string[]> {
    return Promise.all(
      this.players.map((player) => {
        player.say(text);
        return player.hear();
      }),
    );
  }

  override async close(): Promise<void> {
    for (const player of this.players) player.leave();
    await Promise.all(this.allocators.map((allocator) => allocator.abolish()));
    await super.close();
  }

  protected override async startAllocators(): Promise<void> {
    mkdirSync(join(this.folder, 'logs'), { recursive: true });
    for (const name of ['allocator-1', 'allocator-2']) {
      const logFile = join(this.folder, 'logs', `${name}.log`);
      const env = { NATS_URL: this.natsUrl, BERTH_REGIONS: 'local', ...this.allocatorSettings };
      this.allocators.push(new Service({ name, main: ALLOCATOR, env, logFile }));
    }
    await Promise.all(this.allocators.map((allocator) => allocator.start()));
  }
}
