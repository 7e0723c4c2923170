import { formerId } from '#multiplay';
import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Catalogue } from '../../api/builds/catalogue.js';
import { Describes } from '../../openapi/describes.js';
import { Problem } from '../../http/problems.js';
import { Regions } from '../../api/slots/regions.js';
import { buildConfigurationObject, multiplayBuildConfiguration } from './build-objects.js';
import { Directory } from './directory.js';
import { BUILD_CONFIGURATIONS } from './paths.js';

/** Number of questions to allocators at the same time. */
const AT_ONCE = 16;

/** Build configurations as Multiplay's tools read them. */
@Controller([...BUILD_CONFIGURATIONS])
export class MultiplayBuildConfigurationsController {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly regions: Regions,
    private readonly directory: Directory,
  ) {}

  @Describes({
    summary: 'Lists the build configurations (Multiplay)',
    answers: { 200: z.array(multiplayBuildConfiguration) },
    asks: true,
  })
  @Requires('observe')
  @Get('build-configs')
  async list() {
    const waiting = [...(await this.regionsByName())];
    const objects = [];
    while (waiting.length > 0) {
      const some = waiting.splice(0, AT_ONCE).map(([name, region]) => this.object(name, region));
      objects.push(...(await Promise.all(some)));
    }
    return objects;
  }

  @Describes({
    summary: 'Shows a build configuration (Multiplay)',
    answers: { 200: multiplayBuildConfiguration },
    refusals: ['unknown-build-configuration'],
    asks: true,
  })
  @Requires('observe')
  @Get('build-configs/:id')
  async get(@Param('id') id: string) {
    const { ids } = this.directory;
    for (const [name, region] of await this.regionsByName()) {
      const isIt = [name, String(ids.buildConfiguration(name)), formerId(name)].includes(id);
      if (isIt) return await this.object(name, region);
    }
    const detail = `no build configuration has the id ${id}`;
    throw new Problem(404, 'unknown-build-configuration', detail);
  }

  /** For each name, the first region that has it; operators keep them equal in all regions. */
  private async regionsByName(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const region of this.regions.names) {
      for (const name of await this.directory.buildConfigurations(region)) {
        if (!found.has(name)) found.set(name, region);
      }
    }
    return found;
  }

  private async object(name: string, region: string) {
    const view = await this.catalogue.configuration({ region, name }).catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'unknown-build-configuration')
        return undefined;
      throw error;
    });
    return buildConfigurationObject(name, view, this.directory.ids);
  }
}
