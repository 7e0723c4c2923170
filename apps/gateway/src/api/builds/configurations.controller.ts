import { configurationAnswer, configurationsAnswer } from '#http-api';
import { configurationBody, removalQuery, TOKEN, type ConfigurationBody } from '#wire';
import { Body, Controller, Delete, Get, Headers, Param, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { pageAcross, pageOf } from '../paging.js';
import { revisionIn, tagged } from '../../http/revision.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Regions } from '../slots/regions.js';
import { Catalogue, configurationRef } from './catalogue.js';

const listQuery = pageOf({ region: z.string().regex(TOKEN).optional() });

const ETAG = { ETag: 'the revision of the build configuration, for `If-Match`' };

/** How builds are run. */
@Controller('v1/build-configurations')
export class ConfigurationsController {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly regions: Regions,
  ) {}

  @Describes({
    summary: 'Lists the build configurations in short form',
    answers: { 200: configurationsAnswer },
    refusals: ['unknown-region'],
    asks: true,
  })
  @Requires('observe')
  @Get()
  async list(@Query(new SchemaPipe(listQuery)) query: z.output<typeof listQuery>) {
    const regions = this.regions.shown(query.region);
    const find = (region: string) => this.catalogue.configurations(region);
    const { items, next } = await pageAcross(regions, find, query);
    return { buildConfigurations: items, next };
  }

  @Describes({
    summary: 'Shows a build configuration',
    answers: { 200: configurationAnswer },
    headers: ETAG,
    refusals: ['unknown-build-configuration'],
    asks: true,
  })
  @Requires('observe')
  @Get(':id')
  async get(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return tagged(reply, await this.catalogue.configuration(configurationRef(id)));
  }

  /**
   * Repeating the request changes nothing. With `If-Match`, 412 if the configuration was changed
   * since.
   */
  @Describes({
    summary: 'Sets a build configuration; new sessions get the new version',
    detail:
      'Repeating the request changes nothing. If it names no version of its build, it gets the latest. Free slots of the fleets that run it change to it, a limited number at a time; running sessions are not changed.',
    answers: { 200: configurationAnswer },
    headers: ETAG,
    refusals: ['unknown-build-configuration', 'unknown-build', 'stale-revision'],
    asks: true,
  })
  @Requires('deploy')
  @Put(':id')
  async set(
    @Param('id') id: string,
    @Body(new SchemaPipe(configurationBody)) body: ConfigurationBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = { ...configurationRef(id), ...body, ...revisionIn(ifMatch) };
    return tagged(reply, await this.catalogue.configure(request));
  }

  @Describes({
    summary: 'Removes a build configuration; running sessions go on',
    answers: { 200: configurationAnswer },
    headers: ETAG,
    refusals: ['unknown-build-configuration', 'in-use', 'stale-revision'],
    asks: true,
  })
  @Requires('deploy')
  @Delete(':id')
  async remove(
    @Param('id') id: string,
    @Query(new SchemaPipe(removalQuery)) why: z.output<typeof removalQuery>,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const ref = configurationRef(id);
    const request = { ...ref, configuration: null, ...why, ...revisionIn(ifMatch) };
    return tagged(reply, await this.catalogue.configure(request));
  }
}
