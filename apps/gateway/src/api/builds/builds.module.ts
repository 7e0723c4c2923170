import { Bus } from '#kernel';
import { Module } from '@nestjs/common';
import { SlotsModule } from '../slots/slots.module.js';
import { BuildsController } from './builds.controller.js';
import { Catalogue } from './catalogue.js';
import { ConfigurationsController } from './configurations.controller.js';
import { BuildDifferenceController } from './difference.controller.js';
import { FileStores } from './file-stores.js';
import { FilesController } from './files.controller.js';
import { GATEWAY_DEPS } from '../../gateway-deps.module.js';
import type { GatewayDeps } from '../../gateway-deps.js';

/** What a region can run: builds and build configurations. */
export const builds = {
  imports: [SlotsModule],
  controllers: [
    BuildsController,
    BuildDifferenceController,
    FilesController,
    ConfigurationsController,
  ],
  providers: [
    { provide: Catalogue, useFactory: (bus: Bus) => new Catalogue(bus), inject: [Bus] },
    {
      provide: FileStores,
      useFactory: (deps: GatewayDeps) => new FileStores(deps),
      inject: [GATEWAY_DEPS],
    },
  ],
  exports: [Catalogue],
};

@Module(builds)
export class BuildsModule {}
