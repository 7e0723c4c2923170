import { digest } from '#build';
import { fileAnswer } from '#http-api';
import { LogRefused } from '#kernel';
import { FileDamaged } from '#wire';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import type { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { FileBody, FILE_TYPE } from '../../http/file-body.js';
import { invalid, notReady, Problem } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Describes } from '../../openapi/describes.js';
import { Regions } from '../slots/regions.js';
import { buildRef } from './catalogue.js';
import { FileStores } from './file-stores.js';

type Answer = z.output<typeof fileAnswer>;

/**
 * The files of builds. A region keeps each file once, under its digest, whichever builds have it.
 */
@Controller('v1/builds/:id/files')
export class FilesController {
  constructor(
    private readonly stores: FileStores,
    private readonly regions: Regions,
  ) {}

  @Describes({
    summary: 'Says whether a file is stored',
    answers: { 200: fileAnswer },
    refusals: ['unknown-build', 'unknown-region', 'not-ready'],
  })
  @Requires('deploy')
  @Get(':digest')
  async show(
    @Param('id') id: string,
    @Param('digest', new SchemaPipe(digest)) name: string,
  ): Promise<Answer> {
    const store = await this.storeOf(id);
    return { digest: name, stored: await store.has(name) };
  }

  @Describes({
    summary: 'Stores a file of a build',
    detail:
      'The body is the file itself, of any length. It may take any time as long as it goes on arriving.',
    takes: FILE_TYPE,
    answers: { 200: fileAnswer },
    refusals: ['unknown-build', 'unknown-region', 'not-ready', 'wrong-digest'],
  })
  @Requires('deploy')
  @Put(':digest')
  async store(
    @Param('id') id: string,
    @Param('digest', new SchemaPipe(digest)) name: string,
    @Body() body: unknown,
  ): Promise<Answer> {
    if (!(body instanceof FileBody)) {
      throw invalid(`send the file itself, with "Content-Type: ${FILE_TYPE}"`);
    }
    const store = await this.storeOf(id);
    try {
      await store.put(name, body.content);
    } catch (error) {
      if (error instanceof FileDamaged) {
        throw new Problem(400, 'wrong-digest', `what arrived does not have the digest ${name}`);
      }
      if (error instanceof LogRefused) throw notReady(error.message);
      throw error;
    }
    return { digest: name, stored: true };
  }

  private storeOf(id: string) {
    const { region } = buildRef(id);
    this.regions.requireShown(region);
    return this.stores.of(region);
  }
}
