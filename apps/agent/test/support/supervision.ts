import { createLogger, SystemClock } from '#service-runtime';
import type { SlotState } from '#slot';
import { someLimits } from '#testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GameLogs } from '../../src/logs/game-log.js';
import { Observers } from '../../src/observers.js';
import { GameRunner } from '../../src/process/game-runner.js';
import type { GameSettings } from '../../src/slot/game-settings.js';
import { TestMachine } from './agent.js';
import { isLive, isWarm, type TestRegion } from './region.js';

const clock = new SystemClock();

/** A game may go half of the time for a callback without listening. */
export const LIMITS = someLimits({ callbackMs: 500, restartsMax: 2 });

/** A shell's loop that waits. */
export const until = (condition: string) => `until ${condition}; do sleep 0.02; done`;

/** A machine whose games need no callback, with all that watches them. */
export class SupervisedMachine {
  private observers: Observers | undefined;

  private constructor(private readonly machine: TestMachine) {}

  static async open(): Promise<SupervisedMachine> {
    return new SupervisedMachine(await TestMachine.open());
  }

  get region(): TestRegion {
    return this.machine.region;
  }

  get data(): string {
    return this.machine.data;
  }

  /** The folder of its slot. */
  get home(): string {
    return join(this.machine.data, '1');
  }

  async start(command: readonly string[], changes: Partial<GameSettings> = {}): Promise<void> {
    const { bus, data, region } = this.machine;
    const logs = new GameLogs(data);
    const runner = new GameRunner(data, clock, logs);
    const logger = createLogger('agent', 'silent');
    const identity = { region: region.ref.region, agent: region.ref.agent, incarnation: 1 };
    const observers = new Observers(identity, {
      ...{ bus, clock, logger, logs, runner, slots: [region.ref.slot] },
    });
    this.observers = observers;
    const settings: Partial<GameSettings> = {
      ...{ command, limits: LIMITS, stopGraceMs: 5_000, runsAny: false },
      callback: { kind: 'none', ready: 'running' },
    };
    await this.machine.start(
      { ...settings, ...changes },
      { processes: runner, opened: (slot) => observers.watch.add(slot) },
    );
    observers.start();
  }

  /** Starts with a game that is a script of the shell. */
  game(script: string, changes?: Partial<GameSettings>): Promise<void> {
    return this.start(['/bin/sh', '-c', script], changes);
  }

  async close(): Promise<void> {
    this.observers?.stop();
    await this.machine.close();
  }

  /** Begins a session, and waits until it is live. */
  async play(allocationId = 'match-1'): Promise<SlotState> {
    await this.region.until(isWarm);
    await this.region.claim(allocationId);
    return this.region.until(isLive);
  }

  touch(name: string, text = ''): Promise<void> {
    return writeFile(join(this.home, name), text);
  }

  read(name: string): Promise<string> {
    return this.machine.read(name);
  }

  /** Waits for the text that the game writes to a file; the file appears complete. */
  async written(name: string): Promise<string> {
    for (;;) {
      const text = await this.read(name).catch(() => null);
      if (text !== null) return text;
      await clock.sleep(20);
    }
  }
}
