import { Module } from '@nestjs/common';
import { Allocations } from '../../api/allocations/allocations.js';
import { AllocationsModule } from '../../api/allocations/allocations.module.js';
import { BuildsModule } from '../../api/builds/builds.module.js';
import { Catalogue } from '../../api/builds/catalogue.js';
import { FleetsModule } from '../../api/fleets/fleets.module.js';
import { OperationsModule } from '../../api/operations/operations.module.js';
import { Requests } from '../../api/requests/requests.js';
import { RequestsModule } from '../../api/requests/requests.module.js';
import { Regions } from '../../api/slots/regions.js';
import { SlotView } from '../../api/slots/slot-view.js';
import { SlotsModule } from '../../api/slots/slots.module.js';
import { PARTS } from '../../parts.module.js';
import type { GatewayParts } from '../../parts.js';
import { MultiplayAllocationsController, MultiplayStatus } from './allocations.controller.js';
import { MultiplayBuildConfigurationsController } from './build-configurations.controller.js';
import { MultiplayBuildsController } from './builds.controller.js';
import { Directory } from './directory.js';
import { MultiplayFleetsController } from './fleets.controller.js';
import { MultiplayIds } from './ids.js';
import { Lookup } from './lookup.js';
import { Matchmaking } from './matchmaking.js';
import { MultiplayServersController } from './servers.controller.js';
import { MultiplayTokenController } from './token.controller.js';
import { MultiplayTestAllocationsController } from './trial-allocations.controller.js';

/** Multiplay's API, as matchmakers and their tools use it. */
export const multiplay = {
  imports: [
    SlotsModule,
    AllocationsModule,
    RequestsModule,
    OperationsModule,
    FleetsModule,
    BuildsModule,
  ],
  controllers: [
    MultiplayTokenController,
    MultiplayAllocationsController,
    MultiplayTestAllocationsController,
    MultiplayFleetsController,
    MultiplayBuildConfigurationsController,
    MultiplayBuildsController,
    MultiplayServersController,
  ],
  providers: [
    {
      provide: Directory,
      useFactory: (
        { config }: GatewayParts,
        view: SlotView,
        regions: Regions,
        catalogue: Catalogue,
      ) => {
        const ids = new MultiplayIds(config.MULTIPLAY_IDS);
        return new Directory(ids, view, regions, catalogue, config.MULTIPLAY_REGION);
      },
      inject: [PARTS, SlotView, Regions, Catalogue],
    },
    {
      provide: Lookup,
      useFactory: (
        { clock }: GatewayParts,
        view: SlotView,
        regions: Regions,
        requests: Requests,
        directory: Directory,
      ) => new Lookup({ clock, view, regions, requests, directory }),
      inject: [PARTS, SlotView, Regions, Requests, Directory],
    },
    {
      provide: Matchmaking,
      useFactory: (
        { bus, clock, config }: GatewayParts,
        view: SlotView,
        regions: Regions,
        requests: Requests,
        directory: Directory,
        allocations: Allocations,
        lookup: Lookup,
      ) =>
        new Matchmaking({
          ...{ bus, clock, config },
          ...{ view, regions, requests, directory, allocations, lookup },
        }),
      inject: [PARTS, SlotView, Regions, Requests, Directory, Allocations, Lookup],
    },
    {
      provide: MultiplayStatus,
      useFactory: ({ config }: GatewayParts) =>
        new MultiplayStatus(config.MULTIPLAY_CREATED_STATUS),
      inject: [PARTS],
    },
  ],
};

@Module(multiplay)
export class MultiplayModule {}
