import { Module } from '@nestjs/common';
import { GATEWAY_DEPS } from '../../gateway-deps.module.js';
import type { GatewayDeps } from '../../gateway-deps.js';
import { Regions } from '../slots/regions.js';
import { SlotsModule } from '../slots/slots.module.js';
import { InstallationController } from './installation.controller.js';
import { OwnSigns } from './own-signs.js';
import { Services } from './services.js';

/** What Berth itself consists of: services, streams, and what waits. */
export const installation = {
  imports: [SlotsModule],
  controllers: [InstallationController],
  providers: [
    {
      provide: Services,
      useFactory: (deps: GatewayDeps) => new Services(deps),
      inject: [GATEWAY_DEPS],
    },
    {
      provide: OwnSigns,
      useFactory: (deps: GatewayDeps, regions: Regions) => new OwnSigns(deps, regions),
      inject: [GATEWAY_DEPS, Regions],
    },
  ],
  exports: [Services, OwnSigns],
};

@Module(installation)
export class InstallationModule {}
