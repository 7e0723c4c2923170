import { Bus } from '#kernel';
import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type Type,
} from '@nestjs/common';
import { AgentsController } from './api/agents/agents.controller.js';
import { BuildsController } from './api/builds/builds.controller.js';
import { Catalogue } from './api/builds/catalogue.js';
import { ConfigurationsController } from './api/builds/configurations.controller.js';
import { AllocationsController } from './api/allocations/allocations.controller.js';
import { Allocations } from './api/allocations/allocations.js';
import { DirectionsController } from './api/operations/operations.controller.js';
import { SlotOperations } from './api/operations/slot-operations.js';
import { Documents } from './openapi/documents.js';
import { DocumentsController } from './openapi/documents.controller.js';
import { EventStreams } from './api/events/event-streams.js';
import { EventsController } from './api/events/events.controller.js';
import { FleetsController } from './api/fleets/fleets.controller.js';
import { Fleets } from './api/fleets/fleets.js';
import { GameFabricFleets } from './dialects/gamefabric/gamefabric-fleets.js';
import { GameFabricController } from './dialects/gamefabric/gamefabric.controller.js';
import { Registrations } from './dialects/gamefabric/registrations.js';
import { ServersController } from './dialects/gamefabric/servers.controller.js';
import { HealthController } from './api/health/health.controller.js';
import { Readiness } from './api/health/readiness.js';
import { RouteTable } from './http/route-table.js';
import { multiplayControllers, multiplayParts } from './dialects/multiplay/multiplay.js';
import type { GatewayParts } from './parts.js';
import { RefusalsController } from './api/requests/refusals.controller.js';
import { RequestsController } from './api/requests/requests.controller.js';
import { Requests } from './api/requests/requests.js';
import { RootController } from './api/root.controller.js';
import { Regions } from './api/slots/regions.js';
import { SlotView } from './api/slots/slot-view.js';
import { SlotsController } from './api/slots/slots.controller.js';
import { UsageController } from './api/usage/usage.controller.js';

/** All of the API: each of their routes stands in the generated document. */
export const controllers: readonly Type[] = [
  RootController,
  DocumentsController,
  HealthController,
  AllocationsController,
  RequestsController,
  RefusalsController,
  SlotsController,
  UsageController,
  AgentsController,
  DirectionsController,
  FleetsController,
  BuildsController,
  ConfigurationsController,
  EventsController,
  GameFabricController,
  ServersController,
  ...multiplayControllers,
];

/** What is left to do once nothing is under way. */
class Closing {
  constructor(readonly close: () => Promise<void>) {}
}

@Module({})
export class GatewayModule
  implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown
{
  constructor(
    private readonly regions: Regions,
    private readonly streams: EventStreams,
    private readonly closing: Closing,
  ) {}

  static on(parts: GatewayParts, documents: Documents, routes: RouteTable): DynamicModule {
    const { bus, random } = parts;
    const view = new SlotView();
    const regions = new Regions(parts, view);
    const allocations = new Allocations(bus, random);
    const requests = new Requests(parts, random);
    const catalogue = new Catalogue(bus);
    const provided: readonly [token: abstract new (...words: never[]) => unknown, unknown][] = [
      [Bus, bus],
      [SlotView, view],
      [Regions, regions],
      [Allocations, allocations],
      [Requests, requests],
      [SlotOperations, new SlotOperations(bus)],
      [Fleets, new Fleets(bus)],
      [Catalogue, catalogue],
      [Registrations, new Registrations(bus, parts.config.BERTH_REGIONS)],
      [GameFabricFleets, new GameFabricFleets(parts.config.GAMEFABRIC_FLEETS)],
      [EventStreams, new EventStreams(parts, regions, view)],
      [Readiness, new Readiness(parts, regions)],
      [Documents, documents],
      [RouteTable, routes],
      ...multiplayParts(parts, { bus, view, regions, requests, allocations, catalogue }),
      [Closing, new Closing(() => parts.close())],
    ];
    return {
      module: GatewayModule,
      controllers: [...controllers],
      providers: provided.map(([provide, useValue]) => ({ provide, useValue })),
    };
  }

  onApplicationBootstrap(): void {
    this.regions.start();
  }

  /** Before the server closes: it waits for open requests, and event streams never end. */
  onModuleDestroy(): void {
    this.streams.close();
  }

  async onApplicationShutdown(): Promise<void> {
    this.regions.close();
    await this.closing.close();
  }
}
