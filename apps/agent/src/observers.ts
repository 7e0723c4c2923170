import type { Identity } from '#slot-owner';
import type { Bus, Clock } from '#kernel';
import { QueryClient } from '#server-query';
import type { Logger } from '#service-runtime';
import type { GameLogs } from './logs/game-log.js';
import { LogDesk } from './logs/log-desk.js';
import type { GameRunner } from './process/game-runner.js';
import { UsageDesk } from './usage/usage-desk.js';
import { Watch } from './watch/watch.js';

export interface ObserversDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly logs: GameLogs;
  readonly runner: GameRunner;
  readonly slots: readonly string[];
}

/** All that looks at games without having a hand in them: their players, logs and usage. */
export class Observers {
  readonly watch: Watch;
  private readonly desks: readonly (LogDesk | UsageDesk)[];

  constructor(identity: Identity, deps: ObserversDeps) {
    const { clock, runner } = deps;
    this.watch = new Watch(
      new QueryClient((delayMs, action) => clock.after(delayMs, action)),
      clock,
      deps.logger,
    );
    this.desks = [
      new LogDesk(identity, deps),
      new UsageDesk(identity, { ...deps, families: () => runner.families() }),
    ];
  }

  start(): void {
    this.watch.start();
    for (const desk of this.desks) desk.start();
  }

  stop(): void {
    this.watch.stop();
    for (const desk of this.desks) desk.stop();
  }
}
