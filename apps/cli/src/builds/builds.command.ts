import { buildAnswer, buildsAnswer } from '#http-api';
import { namedInRegion, type BuildView, type NamedInRegion } from '#wire';
import { Command, InvalidArgumentError } from 'commander';
import { WrongUsage } from '../exit-codes.js';
import {
  apiOf,
  collected,
  onApi,
  show,
  type CommonOptions,
  type Print,
} from '../operate/common-options.js';
import { withChanges } from '../operate/changes-table.js';
import { queryOf } from '../operate/query.js';
import { table } from '../operate/table.js';
import { wanting, type Wanted } from '../operate/wanted.js';
import { meterOn, type Meter } from './meter.js';
import { pushFolder, type Pushed } from './push.js';

const MIB = 1024 * 1024;

interface PushOptions extends Wanted, CommonOptions {
  readonly exclude: readonly string[];
}

/** Most left-out files that are listed by name. */
const SHOWN_MAX = 10;

export function buildsCommand(print: Print, meter: () => Meter = () => meterOn(process.stderr)) {
  return new Command('builds')
    .description('files that games are made of, and their versions')
    .addCommand(pushCommand(print, meter))
    .addCommand(listCommand(print))
    .addCommand(showCommand(print))
    .addCommand(removeCommand(print));
}

const PUSH = `
Patterns are those of a .gitignore in the folder: a name or *.pdb matches in
every subfolder, /maps and maps/old in one place only, debug/ only a folder, and
!keep.pdb is included again.

  berth builds push eu.harbour ./out --exclude '*.pdb' --exclude '*_DoNotShip/'`;

function pushCommand(print: Print, meter: () => Meter): Command {
  return onApi(wanting(new Command('push')))
    .argument('<build>', 'region.build', refOf)
    .argument('<folder>', 'where its files are')
    .description('store the files of a folder as the next version of a build')
    .option('--exclude <pattern>', 'what to leave out; may be repeated', collected, [])
    .addHelpText('after', PUSH)
    .action(async (ref: NamedInRegion, folder: string, options: PushOptions) => {
      const { exclude, reason, by } = options;
      const wanted = { folder, exclude, reason, by };
      const pushed = await pushFolder(apiOf(options), ref, wanted, meter());
      show(print, options, pushed, () => asText(ref, pushed));
    });
}

function asText({ region, name }: NamedInRegion, pushed: Pushed): string {
  const { version, files, bytes, sentFiles, sentBytes } = pushed;
  const all = `${files} files, ${(bytes / MIB).toFixed(1)} MiB`;
  const sent = `${sentFiles} sent, ${(sentBytes / MIB).toFixed(1)} MiB; the others were there`;
  const lines = [`${region}.${name} is at version ${version}: ${all} (${sent})`];
  if (pushed.leftOut.length > 0) lines.push(`left out: ${leftOutIn(pushed.leftOut)}`);
  for (const pattern of pushed.idle) lines.push(`nothing is left out by --exclude ${pattern}`);
  return lines.join('\n');
}

function leftOutIn(paths: readonly string[]): string {
  const more = paths.length - SHOWN_MAX;
  const shown = paths.slice(0, SHOWN_MAX).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function listCommand(print: Print): Command {
  return onApi(new Command('list'))
    .description('list builds, each with its latest version')
    .option('--region <name>', 'of this region only')
    .action(async ({ region, ...common }: CommonOptions & { readonly region?: string }) => {
      const path = `/v1/builds?${queryOf({ limit: 1_000, region })}`;
      const answer = await apiOf(common).get(path, buildsAnswer);
      show(print, common, answer, ({ builds: shown }) => {
        const rows = shown.map(({ id, version, versions, files, bytes }) => [
          id,
          ...[version, versions, files].map(String),
          `${(bytes / MIB).toFixed(1)} MiB`,
        ]);
        return withChanges(table(['build', 'version', 'kept', 'files', 'size'], rows), shown);
      });
    });
}

function showCommand(print: Print): Command {
  return onApi(new Command('show'))
    .argument('<build>', 'region.build')
    .description('show the versions of a build that are kept')
    .action(async (id: string, common: CommonOptions) => {
      show(print, common, await apiOf(common).get(pathOf(id), buildAnswer), asTable);
    });
}

function removeCommand(print: Print): Command {
  return onApi(wanting(new Command('remove')))
    .argument('<build>', 'region.build')
    .argument('<version>', 'its number')
    .description('remove a version of a build that is no longer needed')
    .action(
      async (id: string, version: string, { reason, by, ...common }: Wanted & CommonOptions) => {
        const query = queryOf({ reason, by });
        const path = `${pathOf(id)}/versions/${encodeURIComponent(version)}?${query}`;
        show(print, common, await apiOf(common).delete(path, buildAnswer), asTable);
      },
    );
}

function refOf(id: string): NamedInRegion {
  const ref = namedInRegion(id);
  if (ref === undefined) throw new InvalidArgumentError('must be region.build');
  return ref;
}

function pathOf(id: string): string {
  if (namedInRegion(id) === undefined) throw new WrongUsage(`"${id}" is not region.build`);
  return `/v1/builds/${id}`;
}

function asTable({ versions }: BuildView): string {
  const rows = versions.map(({ version, files, bytes, at }) => [
    String(version),
    String(files),
    `${(bytes / MIB).toFixed(1)} MiB`,
    new Date(at).toISOString(),
  ]);
  return table(['version', 'files', 'size', 'pushed'], rows);
}
