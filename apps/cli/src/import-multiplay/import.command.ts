import { Unparsable, errorMessage } from '#kernel';
import { TOKEN } from '#wire';
import { Command, InvalidArgumentError } from 'commander';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { meterOn, type Meter } from '../builds/meter.js';
import {
  apiOf,
  collected,
  onApi,
  show,
  type CommonOptions,
  type Print,
} from '../operate/common-options.js';
import { wanting, type Wanted } from '../operate/wanted.js';
import { carryOut } from './carry-out.js';
import { gshIn } from './gsh.schema.js';
import { planOf, type Plan, type Project, type Step } from './plan.js';
import { projectOf } from './project-paths.js';
import type { RegionMap } from './regions.js';
import { survey } from './survey.js';

interface Options extends Wanted, CommonOptions {
  readonly region: readonly string[];
  readonly root?: string;
  readonly buildFolder: readonly string[];
  readonly dryRun?: true;
}

const HELP = `
Regions of the file become regions of Berth: --region local for all of them, or
one by one. Names keep letters, digits, - and _; other characters become a dash.
Notes list what is not carried over. The import can be repeated: it leaves alone
what is up to date.

  berth import gsh Assets/Multiplay/game.gsh --region local --dry-run
  berth import gsh game.gsh --region 'North America=us' --region Europe=eu \\
    --build-folder 'my build=./out'`;

export function importCommand(print: Print, meter: () => Meter = () => meterOn(process.stderr)) {
  return new Command('import')
    .description('import the configuration of another product')
    .addCommand(gshCommand(print, meter));
}

function gshCommand(print: Print, meter: () => Meter): Command {
  return wanting(onApi(new Command('gsh')), 'imported from Multiplay')
    .argument('<file>', 'configuration of Multiplay, .gsh')
    .description(
      'push builds, set build configurations, size and configure fleets, from a configuration of Multiplay',
    )
    .requiredOption('--region <name>', 'region for its fleets; may be repeated', collected)
    .option(
      '--root <folder>',
      'folder that its paths start from; its Unity project, or else its own folder, if not set',
    )
    .option('--build-folder <build=folder>', 'folder with the files of a build', collected, [])
    .option('--dry-run', 'print what would be done, and change nothing')
    .addHelpText('after', HELP)
    .action(async (file: string, options: Options) => {
      const plan = await readPlan(file, projectIn(file, options));
      // With --json, one document tells all of it at the end.
      const say: Print = options.json ? () => undefined : print;
      for (const step of plan.steps) say(`plan: ${asText(step)}`);
      for (const note of plan.notes) say(`note: ${note}`);
      const found = await survey(plan);
      for (const note of found) say(`note: ${note}`);
      const done = options.dryRun ? [] : await tell(plan, options, say, meter());
      const answer = { plan: plan.steps, notes: [...plan.notes, ...found], done };
      if (options.json) show(print, options, answer, () => '');
    });
}

async function readPlan(file: string, project: Project): Promise<Plan> {
  try {
    const { gsh, unknown } = gshIn(await readFile(file, 'utf8'));
    const plan = planOf(gsh, project);
    if (plan.steps.length === 0) throw new Unparsable('it has no fleet in any region');
    const notes = unknown.map((path) => `${path} is unknown, and not carried over`);
    return { ...plan, notes: [...plan.notes, ...notes] };
  } catch (error) {
    throw new Error(`${file} cannot be imported: ${errorMessage(error)}`, { cause: error });
  }
}

function projectIn(file: string, { root, buildFolder, region }: Options): Project {
  return {
    root: root === undefined ? projectOf(file) : resolve(root),
    folders: new Map(buildFolder.map((text) => pairIn(text, '--build-folder'))),
    regions: regionMap(region),
  };
}

function regionMap(given: readonly string[]): RegionMap {
  const [only = '', ...more] = given;
  const isForAll = more.length === 0 && !only.includes('=');
  const map = isForAll ? only : new Map(given.map((text) => pairIn(text, '--region')));
  for (const region of typeof map === 'string' ? [map] : map.values()) {
    if (!TOKEN.test(region)) throw new InvalidArgumentError(`"${region}" is no region of Berth`);
  }
  return map;
}

function pairIn(text: string, option: string): readonly [string, string] {
  const [, key, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return [key, value];
  throw new InvalidArgumentError(`${option} ${text}: must be <name in the file>=<here>`);
}

function asText(step: Step): string {
  const id = `${step.region}.${step.name}`;
  switch (step.kind) {
    case 'push': {
      const without = step.exclude.map(({ path }) => path).join(', ');
      return `push ${step.folder} as build ${id}${without && `, without ${without}`}`;
    }
    case 'set':
      return `set build configuration ${id}: ${step.configuration.executable}`;
    case 'size':
      return `size fleet ${id}: ${step.minAvailable} warm at least, ${step.max} servers at most`;
    case 'configure':
      return `configure fleet ${id} to run ${step.buildConfiguration}`;
    default:
      return step satisfies never;
  }
}

async function tell({ steps }: Plan, options: Options, print: Print, meter: Meter) {
  const { reason, by } = options;
  const done: { step: string; isChanged: boolean; version?: number }[] = [];
  await carryOut(steps, { api: apiOf(options), why: { reason, by }, meter }, (step, outcome) => {
    const { isChanged, version } = outcome;
    done.push({ step: asText(step), ...outcome });
    const at = version === undefined ? '' : `, version ${version}`;
    print(`${isChanged ? 'done' : 'unchanged'}: ${asText(step)}${at}`);
  });
  const isSame = done.every(({ isChanged }) => !isChanged);
  if (isSame) print('nothing changed: everything was up to date');
  return done;
}
