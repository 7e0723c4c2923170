import type { BuildConfiguration } from '#build';
import { errorMessage, TransientError } from '#kernel';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a game may use; a missing limit means none. */
export type GameLimits = Pick<BuildConfiguration, 'memoryMiBMax' | 'cpusMax' | 'tasksMax'>;

/** What the processes of a game have used, and what they were refused. */
export interface Used {
  readonly memoryBytesMax: number | null;
  readonly cpuMs: number;
  /** How many processes the kernel has killed for want of memory. */
  readonly oomKills: number;
  /** How often a process or thread could not be started. */
  readonly tasksRefused: number;
  /** The limit of memory that was set; null for none. */
  readonly memoryMiBMax: number | null;
}

/** The controllers of cgroup v2 that limit games. */
const CONTROLLERS = '+memory +cpu +pids';

/** Length (µs) of the periods in which processor time is measured out. */
const PERIOD_US = 100_000;

const MIB = 1024 * 1024;

/** How often removing a group is tried: a killed process needs a moment to leave it. */
const REMOVALS_MAX = 200;
const REMOVAL_LOOK_MS = 10;

type Sleep = (ms: number) => Promise<void>;

/** The control group (cgroup v2) of one slot's game. It stays until the slot's next start. */
export class GameCgroup {
  constructor(
    private readonly folder: string,
    private readonly sleep: Sleep,
  ) {}

  /** Makes the group anew, empty and with these limits. Throws `TransientError`. */
  async prepare({ memoryMiBMax, cpusMax, tasksMax }: GameLimits): Promise<void> {
    await this.remove();
    try {
      await mkdir(this.folder);
      await this.write('memory.max', memoryMiBMax === undefined ? 'max' : memoryMiBMax * MIB);
      // Without swap the limit is what it says. A kernel without swap has no such file.
      await this.write('memory.swap.max', 0).catch(() => undefined);
      const quota = cpusMax === undefined ? 'max' : Math.round(cpusMax * PERIOD_US);
      await this.write('cpu.max', `${quota} ${PERIOD_US}`);
      await this.write('pids.max', tasksMax ?? 'max');
    } catch (cause) {
      throw new TransientError(`its control group could not be made: ${errorMessage(cause)}`, {
        cause,
      });
    }
  }

  /** Puts a process into the group, and with it all that it starts from now on. */
  add(pid: number): Promise<void> {
    return this.write('cgroup.procs', pid);
  }

  /** Kills all that is in the group. Does nothing if there is no group. */
  async kill(): Promise<void> {
    await this.write('cgroup.kill', 1).catch(() => undefined);
  }

  /** Null if there is no group. */
  async used(): Promise<Used | null> {
    const memory = await this.read('memory.events');
    if (memory === null) return null;
    const peak = Number((await this.read('memory.peak')) ?? NaN);
    const limit = Number(await this.read('memory.max'));
    return {
      memoryBytesMax: Number.isNaN(peak) ? null : peak,
      cpuMs: Math.round(numberIn(await this.read('cpu.stat'), 'usage_usec') / 1_000),
      oomKills: numberIn(memory, 'oom_kill'),
      tasksRefused: numberIn(await this.read('pids.events'), 'max'),
      memoryMiBMax: Number.isNaN(limit) ? null : limit / MIB,
    };
  }

  private async remove(): Promise<void> {
    await this.kill();
    for (let tries = 0; tries < REMOVALS_MAX; tries += 1) {
      const code = await rmdir(this.folder).then(() => 'ENOENT', codeOf);
      if (code === 'ENOENT') return;
      await this.sleep(REMOVAL_LOOK_MS);
    }
    throw new TransientError(`${this.folder} still has processes of the last game`);
  }

  private write(name: string, value: string | number): Promise<void> {
    // Without O_CREAT: the kernel makes the files of a group, and no others.
    return writeFile(join(this.folder, name), String(value), { flag: 'r+' });
  }

  private read(name: string): Promise<string | null> {
    return readFile(join(this.folder, name), 'utf8').catch(() => null);
  }
}

/** The control groups of a machine's games, in a folder that is the agent's alone. */
export class GameCgroups {
  private constructor(
    private readonly folder: string,
    private readonly sleep: Sleep,
  ) {}

  /**
   * Makes the folder if need be, and gives it the controllers.
   *
   * @throws {TransientError} if this is no cgroup v2, or the agent has no right to it
   */
  static async open(folder: string, sleep: Sleep): Promise<GameCgroups> {
    try {
      await mkdir(folder, { recursive: true });
      for (const group of [dirname(folder), folder]) {
        await writeFile(join(group, 'cgroup.subtree_control'), CONTROLLERS, { flag: 'r+' });
      }
    } catch (cause) {
      const reason = `games cannot be limited: ${folder} is no control group (cgroup v2) that the agent may divide: ${errorMessage(cause)}`;
      throw new TransientError(reason, { cause });
    }
    return new GameCgroups(folder, sleep);
  }

  of(slot: string): GameCgroup {
    return new GameCgroup(join(this.folder, `slot-${slot}`), this.sleep);
  }
}

/** Why the system has killed processes of a game. */
export function outOf({ memoryMiBMax }: Used): string {
  return memoryMiBMax === null ? 'out of memory' : `out of its memory limit (${memoryMiBMax} MiB)`;
}

/** What a game used, for the slot's history. */
export function usedInWords(used: Used): string {
  const { memoryBytesMax, cpuMs, oomKills, tasksRefused } = used;
  const memory =
    memoryBytesMax === null ? '' : `${Math.ceil(memoryBytesMax / MIB)} MiB of memory at most, `;
  return [
    `used ${memory}${(cpuMs / 1_000).toFixed(1)} s of processors`,
    oomKills === 0 ? '' : `${oomKills} killed: ${outOf(used)}`,
    tasksRefused === 0 ? '' : `${tasksRefused} not started: out of its limit of tasks`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** The number after a name, in a file with one pair in each line; 0 if it is not there. */
function numberIn(text: string | null, name: string): number {
  const line = text?.split('\n').find((pair) => pair.startsWith(`${name} `)) ?? '';
  return Number(line.slice(name.length + 1)) || 0;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
