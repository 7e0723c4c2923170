import { BerthAway, connect, type BerthServer } from '#sdk';
import type { Verdict } from './session.js';

/** What Berth asks of the game. */
export interface AllocatedGame {
  allocate(payload: unknown): Verdict;
  over(lastWord: string, code: number): void;
}

/** The line to Berth: how a game uses its SDK. */
export class Berth {
  private readonly server: BerthServer = connect();
  /** Counts are said one after the other, so that the last one said is the last one heard. */
  private saying: Promise<void> = Promise.resolve();

  constructor(private readonly log: (line: string) => void) {}

  /** Plays the one session this process is there for. */
  follow(game: AllocatedGame): void {
    this.server.onDeallocated(() => game.over('goodbye', 0));
    this.play(game).catch((error: unknown) => {
      if (error instanceof BerthAway) return;
      this.log(`Berth failed: ${String(error)}`);
    });
  }

  count(players: number): void {
    this.saying = this.saying
      .then(() => this.server.players(players))
      .catch((error: unknown) => this.log(`players were not told: ${String(error)}`));
  }

  close(): void {
    this.server.close();
  }

  private async play(game: AllocatedGame): Promise<void> {
    const { id, payload } = await this.server.allocation();
    this.log(`allocated: ${id}`);
    const { kind } = game.allocate(payload);
    if (kind === 'accepted') await this.server.ready();
    if (kind === 'refused') await this.server.done();
  }
}
