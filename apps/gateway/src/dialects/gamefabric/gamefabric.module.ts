import { Module } from '@nestjs/common';
import { AllocationsModule } from '../../api/allocations/allocations.module.js';
import { PARTS } from '../../parts.module.js';
import type { GatewayParts } from '../../parts.js';
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
      useFactory: ({ config }: GatewayParts) => new GameFabricFleets(config.GAMEFABRIC_FLEETS),
      inject: [PARTS],
    },
    {
      provide: Registrations,
      useFactory: ({ bus, config }: GatewayParts) => new Registrations(bus, config.BERTH_REGIONS),
      inject: [PARTS],
    },
  ],
};

@Module(gameFabric)
export class GameFabricModule {}
