import type { GamePlan } from '../schedule.js';

const IDEAL: GamePlan = { answer: 'accepts', then: 'exits', afterMs: 1_000 };

/** Gives out the games' plans for each session, in the order in which the sessions reach games. */
export class GamePlans {
  private readonly given = new Map<string, number>();

  next(id: string, games: readonly GamePlan[]): GamePlan {
    const nth = this.given.get(id) ?? 0;
    this.given.set(id, nth + 1);
    return games[nth] ?? games.at(-1) ?? IDEAL;
  }
}
