import type { Identity } from '#slot-owner';
import type { Bus, Clock } from '#kernel';
import { EndpointServer } from '#rpc';
import { QueryClient } from '#server-query';
import type { Logger } from '#service-runtime';
import type { GameLogs } from './logs/game-log.js';
import { LogService } from './logs/log-service.js';
import type { GameRunner } from './process/game-runner.js';
import { UsageMeter } from './usage/usage-meter.js';
import { Watch } from './watch/watch.js';

export interface ObserversDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly logs: GameLogs;
  readonly runner: GameRunner;
  readonly slots: readonly string[];
}

/** The parts of the agent that watch games without changing them: players, logs and usage. */
export class Observers {
  readonly watch: Watch;
  readonly server: EndpointServer;
  private readonly services: readonly (LogService | UsageMeter)[];

  constructor(identity: Identity, deps: ObserversDeps) {
    const { bus, clock, logger, runner } = deps;
    this.watch = new Watch(
      new QueryClient((delayMs, action) => clock.after(delayMs, action)),
      clock,
      deps.logger,
    );
    this.services = [
      new LogService(identity, deps),
      new UsageMeter(identity, { ...deps, families: () => runner.families() }),
    ];
    this.server = new EndpointServer(bus, { clock, logger });
  }

  start(): void {
    this.watch.start();
    for (const service of this.services) {
      service.start();
      service.serve(this.server);
    }
  }

  stop(): void {
    this.server.close();
    this.watch.stop();
    for (const service of this.services) service.stop();
  }
}
