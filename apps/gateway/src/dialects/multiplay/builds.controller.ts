import { formerId } from '#multiplay';
import type { BuildSummary } from '#wire';
import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Catalogue } from '../../api/builds/catalogue.js';
import { Describes } from '../../openapi/describes.js';
import { Problem } from '../../http/problems.js';
import { Regions } from '../../api/slots/regions.js';
import { buildObject, multiplayBuild } from './build-objects.js';
import { BUILDS } from './paths.js';

/** Builds as Multiplay's tools read them. Files are pushed by `berth builds push`. */
@Controller([...BUILDS])
export class MultiplayBuildsController {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly regions: Regions,
  ) {}

  @Describes({
    summary: 'Lists the builds (Multiplay)',
    answers: { 200: z.array(multiplayBuild) },
    asks: true,
  })
  @Requires('observe')
  @Get('builds')
  list() {
    return this.all();
  }

  @Describes({
    summary: 'Shows a build (Multiplay)',
    answers: { 200: multiplayBuild },
    refusals: ['unknown-build'],
    asks: true,
  })
  @Requires('observe')
  @Get('builds/:buildId')
  async get(@Param('buildId') id: string) {
    const all = await this.all();
    const found = all.find(({ buildID, buildName }) =>
      [buildName, String(buildID), formerId(buildName)].includes(id),
    );
    if (found !== undefined) return found;
    throw new Problem(404, 'unknown-build', `no build has the id ${id}`);
  }

  /** Every build once, from the first region that has it. */
  private async all() {
    const { names } = this.regions;
    const found = new Map<string, BuildSummary>();
    const byRegion = await Promise.all(names.map((region) => this.catalogue.builds(region)));
    for (const [index, builds] of byRegion.entries()) {
      for (const build of builds) {
        const name = build.id.slice((names[index] ?? '').length + 1);
        if (!found.has(name)) found.set(name, build);
      }
    }
    return [...found].map(([name, build]) => buildObject(name, build));
  }
}
