import { freePort } from '#testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { BerthDev } from './berth-dev.js';

const MAIN = resolve('dist/apps/agent/src/main.js');
const GAME = resolve('dist/examples/game-server/src/main.js');

/** What an agent runs, and for which fleet. */
interface Machine {
  readonly fleet: string;
  readonly slots: number;
  /** In place of the sample game. */
  readonly command?: readonly string[];
}

/** Further machines of one Berth, by the names that they were enrolled under before its start. */
export class DashboardAgents {
  private readonly running = new Map<string, ChildProcess>();

  constructor(private readonly berth: BerthDev) {}

  async start(name: string, { fleet, slots, command }: Machine): Promise<void> {
    const game = ['--port', '{port}', '--callback-port', '{callback_port}'];
    const port = await freePort();
    const env = {
      ...{ ...process.env, ...this.berth.login(name) },
      BERTH_DATA: join(this.berth.data, name),
      ...{ BERTH_FLEET: fleet, BERTH_SLOTS: String(slots), BERTH_PORTS: `${port}-${port + 29}` },
      BERTH_BUILD_CONFIGURATION: `${fleet}-game`,
      BERTH_COMMAND: JSON.stringify(command ?? [process.execPath, GAME, ...game]),
      ...{ BERTH_ON_STOP: 'end', BERTH_SDK_PORT: 'off', BERTH_METRICS_PORT: '' },
    };
    this.running.set(name, spawn(process.execPath, [MAIN], { env, stdio: 'ignore' }));
  }

  /** Its machine is gone at once. */
  lose(name: string): Promise<void> {
    return this.end(name, 'SIGKILL');
  }

  /** It stops in order. */
  stop(name: string): Promise<void> {
    return this.end(name, 'SIGTERM');
  }

  async dispose(): Promise<void> {
    for (const name of [...this.running.keys()]) await this.stop(name);
  }

  private async end(name: string, signal: NodeJS.Signals): Promise<void> {
    const agent = this.running.get(name);
    this.running.delete(name);
    if (agent?.exitCode !== null || agent.signalCode !== null) return;
    const ended = once(agent, 'exit');
    agent.kill(signal);
    await ended;
  }
}
