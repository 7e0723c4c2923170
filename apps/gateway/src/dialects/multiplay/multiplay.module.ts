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
import { GATEWAY_DEPS } from '../../gateway-deps.module.js';
import type { GatewayDeps } from '../../gateway-deps.js';
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
        { config }: GatewayDeps,
        view: SlotView,
        regions: Regions,
        catalogue: Catalogue,
      ) => {
        const ids = new MultiplayIds(config.MULTIPLAY_IDS);
        return new Directory(ids, view, regions, catalogue, config.MULTIPLAY_REGION);
      },
      inject: [GATEWAY_DEPS, SlotView, Regions, Catalogue],
    },
    {
      provide: Lookup,
      useFactory: (
        { clock }: GatewayDeps,
        view: SlotView,
        regions: Regions,
        requests: Requests,
        directory: Directory,
      ) => new Lookup({ clock, view, regions, requests, directory }),
      inject: [GATEWAY_DEPS, SlotView, Regions, Requests, Directory],
    },
    {
      provide: Matchmaking,
      useFactory: (
        { bus, clock, config }: GatewayDeps,
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
      inject: [GATEWAY_DEPS, SlotView, Regions, Requests, Directory, Allocations, Lookup],
    },
    {
      provide: MultiplayStatus,
      useFactory: ({ config }: GatewayDeps) => new MultiplayStatus(config.MULTIPLAY_CREATED_STATUS),
      inject: [GATEWAY_DEPS],
    },
  ],
};

@Module(multiplay)
export class MultiplayModule {}
