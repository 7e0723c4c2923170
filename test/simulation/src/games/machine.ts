import type { Launch } from '../../../../apps/agent/src/process/processes.js';
import { chanceOf } from '../seeds.js';
import type { World } from '../world.js';
import { Game } from './game.js';

/** The games of one machine: the last one of each slot. They survive the death of their agent. */
export class GameMachine {
  private readonly last = new Map<string, Game>();
  private readonly random;
  private started = 0;

  constructor(
    private readonly world: World,
    private readonly name: string,
  ) {
    this.random = chanceOf(world.schedule.seed, 'games', name);
  }

  lastOf(slot: string): Game | null {
    return this.last.get(slot) ?? null;
  }

  start(slot: string, launch: Launch): Game {
    this.started += 1;
    const { trace } = this.world;
    const game = new Game(
      this.world,
      this.random,
      `${this.name}.${slot}`,
      1_000 + this.started,
      launch,
    );
    trace.note(game.place, `a game starts`);
    this.last.set(slot, game);
    return game;
  }

  /** The game with this token, if it listens by now. */
  listening(token: string): Game | undefined {
    const now = this.world.timeline.now();
    return [...this.last.values()].find(
      (game) => game.exit === null && game.token === token && game.listensAt <= now,
    );
  }
}
