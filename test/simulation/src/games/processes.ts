import type { GameProcess, ProcessExit } from '#slot';
import { Processes, type Launch, type Run } from '../../../../apps/agent/src/process/processes.js';
import type { Life } from '../life.js';
import type { Game } from './game.js';
import type { GameMachine } from './machine.js';

/** The games of a machine as one life of its agent sees them. */
export class SimulatedProcesses extends Processes {
  constructor(
    private readonly machine: GameMachine,
    private readonly life: Life,
  ) {
    super();
  }

  async find(slot: string): Promise<Run | null> {
    const game = await this.life.call(() => this.machine.lastOf(slot));
    return game === null ? null : new SeenRun(game, this.life);
  }

  async start(slot: string, launch: Launch): Promise<Run> {
    return new SeenRun(await this.life.call(() => this.machine.start(slot, launch)), this.life);
  }
}

/** The end of the game is known a moment after it has happened. */
class SeenRun implements Run {
  readonly id: string;
  readonly token: string;
  readonly process: GameProcess;
  exit: ProcessExit | null;
  readonly remark = '';
  private listeners: (() => void)[] = [];

  constructor(
    private readonly game: Game,
    private readonly life: Life,
  ) {
    this.id = game.id;
    this.token = game.token;
    this.process = game.process;
    this.exit = game.exit;
    if (this.exit === null) game.onEnd(() => void life.after(1, () => this.ended()));
  }

  onEnd(listener: () => void): void {
    if (this.exit === null) this.listeners.push(listener);
    else listener();
  }

  async socketsOn(): Promise<null> {
    return null;
  }

  async stop(graceMs: number): Promise<void> {
    if (this.exit !== null || !this.life.touch()) return;
    this.game.stop(graceMs);
    await new Promise<void>((resolve) => this.onEnd(resolve));
  }

  abort(graceMs: number): Promise<void> {
    return this.stop(graceMs);
  }

  release(): void {
    this.listeners = [];
  }

  private ended(): void {
    this.exit = this.game.exit;
    for (const listener of this.listeners) listener();
  }
}
