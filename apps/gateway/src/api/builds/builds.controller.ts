import { buildAnswer, buildsAnswer } from '#http-api';
import { removalQuery, TOKEN, versionBody, type VersionBody } from '#wire';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { pageAcross, pageOf } from '../paging.js';
import { Problem } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Regions } from '../slots/regions.js';
import { buildRef, Catalogue } from './catalogue.js';

const listQuery = pageOf({ region: z.string().regex(TOKEN).optional() });

/** Builds and their versions. */
@Controller('v1/builds')
export class BuildsController {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly regions: Regions,
  ) {}

  @Describes({
    summary: 'Lists the builds, each with its latest version',
    answers: { 200: buildsAnswer },
    refusals: ['unknown-region'],
    asks: true,
  })
  @Requires('observe')
  @Get()
  async list(@Query(new SchemaPipe(listQuery)) query: z.output<typeof listQuery>) {
    const regions = this.regions.shown(query.region);
    const find = (region: string) => this.catalogue.builds(region);
    const { items, next } = await pageAcross(regions, find, query);
    return { builds: items, next };
  }

  @Describes({
    summary: 'Shows a build, with all kept versions',
    answers: { 200: buildAnswer },
    refusals: ['unknown-build'],
    asks: true,
  })
  @Requires('observe')
  @Get(':id')
  async get(@Param('id') id: string) {
    return await this.catalogue.build(buildRef(id));
  }

  @Describes({
    summary: 'Makes stored files the next version of a build',
    detail:
      'Its manifest, which lists the files, is stored like each of them. Repeating the request changes nothing while it is the latest version.',
    answers: { 200: buildAnswer },
    refusals: ['unknown-build'],
    asks: true,
  })
  @Requires('deploy')
  @HttpCode(200)
  @Post(':id/versions')
  async push(@Param('id') id: string, @Body(new SchemaPipe(versionBody)) body: VersionBody) {
    return await this.catalogue.push({ kind: 'push', ...buildRef(id), ...body });
  }

  @Describes({
    summary: 'Removes a version of a build, and the files that no other version needs',
    answers: { 200: buildAnswer },
    refusals: ['unknown-build', 'in-use'],
    asks: true,
  })
  @Requires('deploy')
  @Delete(':id/versions/:version')
  async remove(
    @Param('id') id: string,
    @Param('version') version: string,
    @Query(new SchemaPipe(removalQuery)) why: z.output<typeof removalQuery>,
  ) {
    const ref = buildRef(id);
    return await this.catalogue.remove({
      kind: 'remove',
      ...ref,
      version: versionIn(id, version),
      ...why,
    });
  }
}

function versionIn(id: string, text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new Problem(
    404,
    'unknown-build',
    `build ${id} has no version ${text}; versions are numbers`,
  );
}
