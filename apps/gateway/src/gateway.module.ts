import { Bus } from '#kernel';
import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type Type,
} from '@nestjs/common';
import { AgentsController } from './agents/agents.controller.js';
import { BuildsController } from './builds/builds.controller.js';
import { Catalogue } from './builds/catalogue.js';
import { ConfigurationsController } from './builds/configurations.controller.js';
import { AllocationsController } from './allocations/allocations.controller.js';
import { Allocations } from './allocations/allocations.js';
import { DirectionsController } from './directions/directions.controller.js';
import { Directions } from './directions/directions.js';
import { Documents } from './describe/documents.js';
import { DocumentsController } from './describe/documents.controller.js';
import { EventStreams } from './events/event-streams.js';
import { EventsController } from './events/events.controller.js';
import { FleetsController } from './fleets/fleets.controller.js';
import { Fleets } from './fleets/fleets.js';
import { GameFabricController } from './gamefabric/gamefabric.controller.js';
import { Registrations } from './gamefabric/registrations.js';
import { ServersController } from './gamefabric/servers.controller.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { RouteTable } from './http/route-table.js';
import { multiplayControllers, multiplayParts } from './multiplay/multiplay.js';
import type { GatewayParts } from './parts.js';
import { RefusalsController } from './requests/refusals.controller.js';
import { RequestsController } from './requests/requests.controller.js';
import { Requests } from './requests/requests.js';
import { RootController } from './root.controller.js';
import { Regions } from './slots/regions.js';
import { SlotView } from './slots/slot-view.js';
import { SlotsController } from './slots/slots.controller.js';
import { UsageController } from './usage/usage.controller.js';

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
    const { bus, chance } = parts;
    const view = new SlotView();
    const regions = new Regions(parts, view);
    const allocations = new Allocations(bus, chance);
    const requests = new Requests(parts, chance);
    const catalogue = new Catalogue(bus);
    const provided: readonly [token: abstract new (...words: never[]) => unknown, unknown][] = [
      [Bus, bus],
      [SlotView, view],
      [Regions, regions],
      [Allocations, allocations],
      [Requests, requests],
      [Directions, new Directions(bus)],
      [Fleets, new Fleets(bus)],
      [Catalogue, catalogue],
      [Registrations, new Registrations(bus, parts.config.BERTH_REGIONS)],
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
