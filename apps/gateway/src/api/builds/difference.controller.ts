import type { ManifestFile } from '#build';
import { buildDifferenceAnswer } from '#http-api';
import { Unparsable } from '#kernel';
import { FileDamaged, FileMissing, storedManifest, type BuildView } from '#wire';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Problem } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Describes } from '../../openapi/describes.js';
import { pageBehind, pageOf } from '../paging.js';
import { buildRef, Catalogue } from './catalogue.js';
import { FileStores } from './file-stores.js';

const version = z.coerce.number().int().positive();

const differenceQuery = pageOf({
  from: version.describe('the earlier version'),
  to: version.describe('the later version'),
  after: z.string().max(1_024).optional(),
});

/** Which files are different in two versions of a build. */
@Controller('v1/builds')
export class BuildDifferenceController {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly stores: FileStores,
  ) {}

  @Describes({
    summary: 'Shows which files are different in two versions of a build',
    answers: { 200: buildDifferenceAnswer },
    refusals: ['unknown-build', 'unknown-region', 'not-ready'],
    asks: true,
  })
  @Requires('observe')
  @Get(':id/difference')
  async show(
    @Param('id') id: string,
    @Query(new SchemaPipe(differenceQuery)) query: z.output<typeof differenceQuery>,
  ) {
    const { region, name } = buildRef(id);
    const build = await this.catalogue.build({ region, name });
    const read = (wanted: number) => this.filesOf(region, build, wanted);
    const [before, after] = await Promise.all([read(query.from), read(query.to)]);
    const changed = [...new Set([...before.keys(), ...after.keys()])]
      .map((id) => ({ id, before: before.get(id) ?? null, after: after.get(id) ?? null }))
      .filter((file) => !isSame(file.before, file.after));
    const { items, next } = pageBehind(changed, query);
    const files = items.map(({ id: path, ...file }) => ({ path, ...file }));
    return { files, changed: changed.length, next };
  }

  private async filesOf(region: string, { id, versions }: BuildView, wanted: number) {
    const found = versions.find(({ version: one }) => one === wanted);
    if (found === undefined) throw unknown(`build ${id} has no version ${wanted}`);
    const store = await this.stores.of(region);
    try {
      const { files } = await storedManifest(store, found.manifest);
      return new Map(files.map(({ path, ...file }) => [path, file]));
    } catch (error) {
      if (error instanceof FileMissing || error instanceof FileDamaged)
        throw unknown(error.message);
      if (error instanceof Unparsable)
        throw unknown(`the manifest of version ${wanted} cannot be read: ${error.message}`);
      throw error;
    }
  }
}

type Listed = Omit<ManifestFile, 'path'> | null;

const isSame = (one: Listed, other: Listed) =>
  one?.digest === other?.digest && one?.mode === other?.mode;

const unknown = (detail: string) => new Problem(404, 'unknown-build', detail);
