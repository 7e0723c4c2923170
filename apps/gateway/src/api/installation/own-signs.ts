import type { Cancel } from '#kernel';
import { tellAlive } from '#rpc';
import { version } from '#service-runtime';
import type { GatewayDeps } from '../../gateway-deps.js';
import type { Regions } from '../slots/regions.js';

const ID_LENGTH = 8;

/** Tells all gateways, this one too, that this gateway runs. */
export class OwnSigns {
  private silences: readonly Cancel[] = [];

  constructor(
    private readonly deps: GatewayDeps,
    private readonly regions: Regions,
  ) {}

  start(): void {
    const { clock, random, natsServer, deniedLately, loginLeftMs, bus, ownBus = bus } = this.deps;
    const id = random.id().slice(0, ID_LENGTH);
    const startedAt = clock.now();
    this.silences = this.regions.watched.map((watch) =>
      tellAlive({ bus: ownBus, clock }, { region: watch.region, service: 'gateway', id }, () => ({
        ...{ version, startedAt, waiting: null },
        ...{ notReadyBecause: watch.behindBecause, server: natsServer?.() ?? null },
        ...{ denied: deniedLately?.() ?? null, clockAheadMs: null },
        loginLeftMs: loginLeftMs?.() ?? null,
      })),
    );
  }

  close(): void {
    for (const silence of this.silences) silence();
  }
}
