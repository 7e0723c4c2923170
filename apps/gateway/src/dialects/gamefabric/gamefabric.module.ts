import { Module } from '@nestjs/common';
import { AllocationsModule } from '../../api/allocations/allocations.module.js';
import { GATEWAY_DEPS } from '../../gateway-deps.module.js';
import type { GatewayDeps } from '../../gateway-deps.js';
import { GameFabricFleets } from './gamefabric-fleets.js';
import { GameFabricController } from './gamefabric.controller.js';
import { Registrations } from './registrations.js';
import { ServersController } from './servers.controller.js';

/** GameFabric's API: its allocator, and servers that register themselves. */
export const gameFabric = {
  imports: [AllocationsModule],
  controllers: [GameFabricController, ServersController],
  providers: [
    {
      provide: GameFabricFleets,
      useFactory: ({ config }: GatewayDeps) => new GameFabricFleets(config.GAMEFABRIC_FLEETS),
      inject: [GATEWAY_DEPS],
    },
    {
      provide: Registrations,
      useFactory: ({ bus, config }: GatewayDeps) => new Registrations(bus, config.BERTH_REGIONS),
      inject: [GATEWAY_DEPS],
    },
  ],
};

@Module(gameFabric)
export class GameFabricModule {}
