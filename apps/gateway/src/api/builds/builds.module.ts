import { Bus } from '#kernel';
import { Module } from '@nestjs/common';
import { SlotsModule } from '../slots/slots.module.js';
import { BuildsController } from './builds.controller.js';
import { Catalogue } from './catalogue.js';
import { ConfigurationsController } from './configurations.controller.js';

/** What a region can run: builds and build configurations. */
export const builds = {
  imports: [SlotsModule],
  controllers: [BuildsController, ConfigurationsController],
  providers: [{ provide: Catalogue, useFactory: (bus: Bus) => new Catalogue(bus), inject: [Bus] }],
  exports: [Catalogue],
};

@Module(builds)
export class BuildsModule {}
