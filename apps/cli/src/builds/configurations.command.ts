import { buildConfigurationSchema } from '#build';
import { configurationAnswer, configurationsAnswer } from '#http-api';
import { errorMessage } from '#kernel';
import { namedInRegion, parse, type ConfigurationView } from '#wire';
import { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { parse as parseYaml, stringify } from 'yaml';
import { WrongUsage } from '../exit-codes.js';
import { apiOf, onApi, show, type CommonOptions, type Print } from '../operate/common-options.js';
import { withChanges } from '../operate/changes-table.js';
import { queryOf } from '../operate/query.js';
import { table } from '../operate/table.js';
import { wanting, type Wanted } from '../operate/wanted.js';

type ChangeOptions = CommonOptions & Wanted;

export function configurationsCommand(print: Print): Command {
  return new Command('build-configurations')
    .description('how builds are run')
    .addCommand(setCommand(print))
    .addCommand(listCommand(print))
    .addCommand(showCommand(print))
    .addCommand(removeCommand(print));
}

const SET = `
The file is YAML or JSON; an executable and its arguments are enough:

  build: { name: harbour }        # the latest version; or with a version
  executable: server
  arguments: [-port, '{port}']

Free slots of the fleets that run it change over, a few at a time; running
sessions keep their version.`;

function setCommand(print: Print): Command {
  return changing(new Command('set'))
    .description('set a build configuration; earlier versions of it are kept')
    .requiredOption('--file <path>', 'YAML or JSON file with its content')
    .addHelpText('after', SET)
    .action(async (id: string, options: ChangeOptions & { readonly file: string }) => {
      const { file, reason, by, ...common } = options;
      const configuration = await readConfiguration(file);
      const body = { configuration, reason, by };
      const answer = await apiOf(common).put(pathOf(id), body, configurationAnswer);
      show(print, common, answer, ({ version }) => `${id} is at version ${version}`);
    });
}

/** Throws an error that says what is wrong with the file. */
async function readConfiguration(file: string): Promise<unknown> {
  try {
    // JSON is YAML as well.
    const document: unknown = parseYaml(await readFile(file, 'utf8'), { maxAliasCount: 100 });
    parse(buildConfigurationSchema, document);
    return document;
  } catch (error) {
    throw new Error(`${file} is no build configuration: ${errorMessage(error)}`, { cause: error });
  }
}

function listCommand(print: Print): Command {
  return onApi(new Command('list'))
    .description('list build configurations')
    .option('--region <name>', 'of this region only')
    .action(async ({ region, ...common }: CommonOptions & { readonly region?: string }) => {
      const path = `/v1/build-configurations?${queryOf({ limit: 1_000, region })}`;
      const answer = await apiOf(common).get(path, configurationsAnswer);
      show(print, common, answer, ({ buildConfigurations: shown }) => {
        const rows = shown.map(({ id, version, build, executable }) => [
          id,
          String(version),
          build === null ? '' : `${build.name} ${build.version}`,
          executable,
        ]);
        const headings = ['build configuration', 'version', 'build', 'executable'];
        return withChanges(table(headings, rows), shown);
      });
    });
}

function showCommand(print: Print): Command {
  return onApi(new Command('show'))
    .argument('<configuration>', 'region.configuration')
    .description('show a build configuration')
    .action(async (id: string, common: CommonOptions) => {
      show(
        print,
        common,
        await apiOf(common).get(pathOf(id), configurationAnswer),
        asYaml,
        'verbatim',
      );
    });
}

function removeCommand(print: Print): Command {
  return changing(new Command('remove'))
    .description('remove a build configuration that no fleet runs; running sessions keep it')
    .action(async (id: string, { reason, by, ...common }: ChangeOptions) => {
      const path = `${pathOf(id)}?${queryOf({ reason, by })}`;
      const answer = await apiOf(common).delete(path, configurationAnswer);
      show(print, common, answer, () => `${id} is removed`);
    });
}

function changing(command: Command): Command {
  return wanting(onApi(command)).argument('<configuration>', 'region.configuration');
}

function pathOf(id: string): string {
  if (namedInRegion(id) === undefined) throw new WrongUsage(`"${id}" is not region.configuration`);
  return `/v1/build-configurations/${id}`;
}

/** The build configuration as a file that `set` accepts. */
function asYaml({ id, version, configuration }: ConfigurationView): string {
  return `# ${id}, version ${version}\n${stringify(configuration)}`.trimEnd();
}
