import { Bus } from '#kernel';
import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { AgentsController } from './agents/agents.controller.js';
import { AllocationsController } from './allocations/allocations.controller.js';
import { Allocations } from './allocations/allocations.js';
import { DirectionsController } from './directions/directions.controller.js';
import { Directions } from './directions/directions.js';
import { EventStreams } from './events/event-streams.js';
import { EventsController } from './events/events.controller.js';
import { FleetsController } from './fleets/fleets.controller.js';
import { Fleets } from './fleets/fleets.js';
import { GameFabricController } from './gamefabric/gamefabric.controller.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import type { GatewayParts } from './parts.js';
import { RootController } from './root.controller.js';
import { Regions } from './slots/regions.js';
import { SlotView } from './slots/slot-view.js';
import { SlotsController } from './slots/slots.controller.js';

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

  static on(parts: GatewayParts): DynamicModule {
    const { bus, chance } = parts;
    const view = new SlotView();
    const regions = new Regions(parts, view);
    const provided: readonly [token: abstract new (...words: never[]) => unknown, unknown][] = [
      [Bus, bus],
      [SlotView, view],
      [Regions, regions],
      [Allocations, new Allocations(bus, chance)],
      [Directions, new Directions(bus)],
      [Fleets, new Fleets(bus)],
      [EventStreams, new EventStreams(parts, regions, view)],
      [Readiness, new Readiness(parts, regions)],
      [Closing, new Closing(() => parts.close())],
    ];
    return {
      module: GatewayModule,
      controllers: [
        RootController,
        HealthController,
        AllocationsController,
        SlotsController,
        AgentsController,
        DirectionsController,
        FleetsController,
        EventsController,
        GameFabricController,
      ],
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
