import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type Type,
} from '@nestjs/common';
import { allocations, AllocationsModule } from './api/allocations/allocations.module.js';
import { audit, AuditModule } from './api/audit/audit.module.js';
import { auditIndex, AuditIndexModule } from './api/audit-index/audit-index.module.js';
import { builds, BuildsModule } from './api/builds/builds.module.js';
import { EventStreams } from './api/events/event-streams.js';
import { Beats } from './api/agents/beats.js';
import { events, EventsModule } from './api/events/events.module.js';
import { fleets, FleetsModule } from './api/fleets/fleets.module.js';
import { health, HealthModule } from './api/health/health.module.js';
import { machines, MachinesModule } from './api/machines/machines.module.js';
import { installation, InstallationModule } from './api/installation/installation.module.js';
import { OwnSigns } from './api/installation/own-signs.js';
import { Services } from './api/installation/services.js';
import { operations, OperationsModule } from './api/operations/operations.module.js';
import { requests, RequestsModule } from './api/requests/requests.module.js';
import { Regions } from './api/slots/regions.js';
import { slots, SlotsModule } from './api/slots/slots.module.js';
import { gameFabric, GameFabricModule } from './dialects/gamefabric/gamefabric.module.js';
import { multiplay, MultiplayModule } from './dialects/multiplay/multiplay.module.js';
import { documents, DocumentsModule } from './openapi/documents.module.js';
import { GATEWAY_DEPS, GatewayDepsModule } from './gateway-deps.module.js';
import type { GatewayDeps } from './gateway-deps.js';

/** All controllers; the generated document lists their routes in this order. */
export const controllers: readonly Type[] = [
  documents,
  health,
  allocations,
  requests,
  slots,
  operations,
  fleets,
  machines,
  builds,
  events,
  audit,
  auditIndex,
  installation,
  gameFabric,
  multiplay,
].flatMap((feature): readonly Type[] => feature.controllers);

@Module({
  imports: [
    DocumentsModule,
    HealthModule,
    AllocationsModule,
    RequestsModule,
    SlotsModule,
    OperationsModule,
    FleetsModule,
    MachinesModule,
    BuildsModule,
    EventsModule,
    AuditModule,
    AuditIndexModule,
    InstallationModule,
    GameFabricModule,
    MultiplayModule,
  ],
})
export class GatewayModule
  implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown
{
  constructor(
    private readonly regions: Regions,
    private readonly beats: Beats,
    private readonly services: Services,
    private readonly ownSigns: OwnSigns,
    private readonly streams: EventStreams,
    @Inject(GATEWAY_DEPS) private readonly deps: GatewayDeps,
  ) {}

  static with(...deps: Parameters<typeof GatewayDepsModule.with>): DynamicModule {
    return { module: GatewayModule, imports: [GatewayDepsModule.with(...deps)] };
  }

  onApplicationBootstrap(): void {
    this.regions.start();
    const names = this.regions.watched.map(({ region }) => region);
    this.beats.start(names);
    this.services.start(names);
    this.ownSigns.start();
  }

  /**
   * Called before the server closes: it waits for open requests, and event streams never end by
   * themselves.
   */
  onModuleDestroy(): void {
    this.streams.close();
  }

  async onApplicationShutdown(): Promise<void> {
    this.ownSigns.close();
    this.services.close();
    this.beats.close();
    this.regions.close();
    await this.deps.close();
  }
}
