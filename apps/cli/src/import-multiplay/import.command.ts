import { JetStreamBuildFiles } from '#build-files';
import { connectNats, NatsBus } from '#jetstream';
import { Unparsable, errorMessage } from '#kernel';
import { SystemClock } from '#service-runtime';
import { TOKEN, configurationView, fleetView, type NamedInRegion } from '#wire';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { filesIn } from '../builds/folder.js';
import { meterOn, type Meter } from '../builds/meter.js';
import { pushFolder } from '../builds/push.js';
import type { Api } from '../operate/api.js';
import { apiOf, whereApiIs, type Print } from '../operate/surroundings.js';
import { gshIn } from './gsh.schema.js';
import { planOf, type Plan, type RegionMap, type Step } from './plan.js';

interface Options {
  readonly api: string;
  readonly region: readonly string[];
  readonly root?: string;
  readonly dryRun?: true;
  readonly nats: string;
  readonly reason: string;
  readonly by: string;
}

const HELP = `
Regions of the file become regions of Berth: --region local for all of them, or one by one
--region 'North America=us' --region Europe=eu. Spaces in names become dashes. All of it can be done
again: what is so already, stays as it is.`;

export function importCommand(print: Print, meter: () => Meter = () => meterOn(process.stderr)) {
  return new Command('import')
    .description("take over what another product's files describe")
    .addCommand(gshCommand(print, meter));
}

function gshCommand(print: Print, meter: () => Meter): Command {
  return whereApiIs(new Command('gsh'))
    .argument('<file>', 'configuration of Multiplay, .gsh')
    .description(
      'push builds, set build configurations, size and configure fleets, as of Multiplay',
    )
    .requiredOption('--region <name>', 'where its fleets are to be; may be repeated', collected)
    .option('--root <folder>', "what its build paths start from; the file's own folder if missing")
    .option('--dry-run', 'print what would be done, and do nothing')
    .addOption(
      new Option('--nats <url>', 'servers that files are pushed to, comma separated')
        .env('NATS_URL')
        .default('nats://127.0.0.1:4222'),
    )
    .option('--reason <text>', 'recorded', 'imported from Multiplay')
    .option('--by <name>', 'who asks; recorded', userInfo().username)
    .addHelpText('after', HELP)
    .action(async (file: string, options: Options) => {
      const plan = await readPlan(file, regionMap(options.region));
      const root = resolve(options.root ?? dirname(file));
      for (const line of linesOf(plan)) print(line);
      await checkFolders(plan, root);
      if (!options.dryRun) await carryOut(plan, root, options, print, meter);
    });
}

/** Not `<name...>`, which would take a file that is named behind it for one more region. */
function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

async function readPlan(file: string, regions: RegionMap): Promise<Plan> {
  try {
    return planOf(gshIn(await readFile(file, 'utf8')), regions);
  } catch (error) {
    throw new Error(`${file} cannot be imported: ${errorMessage(error)}`, { cause: error });
  }
}

function regionMap(given: readonly string[]): RegionMap {
  const pairs = given.map((text) => {
    const at = text.lastIndexOf('=');
    return [text.slice(0, Math.max(at, 0)), text.slice(at + 1)] as const;
  });
  for (const [, region] of pairs) {
    if (!TOKEN.test(region)) throw new InvalidArgumentError(`"${region}" is no region of Berth`);
  }
  const [[place, region] = ['', ''], ...more] = pairs;
  return place === '' && more.length === 0 ? region : new Map(pairs);
}

/** Before anything is done: a folder that is missing would leave the rest undone. */
async function checkFolders({ steps }: Plan, root: string): Promise<void> {
  for (const step of steps) if (step.kind === 'push') await filesIn(resolve(root, step.folder));
}

function linesOf({ steps, notes }: Plan): readonly string[] {
  if (steps.length === 0) throw new Unparsable('the file has no fleet in any region');
  return [...steps.map((step) => `plan: ${asText(step)}`), ...notes.map((note) => `note: ${note}`)];
}

function asText(step: Step): string {
  const id = `${step.region}.${step.name}`;
  switch (step.kind) {
    case 'push':
      return `push ${step.folder} as build ${id}`;
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

async function carryOut(
  { steps }: Plan,
  root: string,
  options: Options,
  print: Print,
  meter: () => Meter,
): Promise<void> {
  const { reason, by } = options;
  const api = apiOf(options);
  const connection = await connectNats({ servers: options.nats, name: 'berth-import' });
  const push = ({ region, name }: NamedInRegion, folder: string) => {
    const ref = { region, name };
    const files = () => JetStreamBuildFiles.open(connection, ref.region, new SystemClock());
    return pushFolder(
      { bus: new NatsBus(connection), files },
      ref,
      folder,
      { reason, by },
      meter(),
    );
  };
  try {
    for (const step of steps) {
      if (step.kind === 'push') {
        const { version } = await push(step, resolve(root, step.folder));
        print(`done: ${asText(step)}, version ${version}`);
      } else {
        await change(api, step, { reason, by });
        print(`done: ${asText(step)}`);
      }
    }
  } finally {
    await connection.close();
  }
}

/** As the commands of the same names do it. */
async function change(
  api: Api,
  step: Exclude<Step, { readonly kind: 'push' }>,
  why: { readonly reason: string; readonly by: string },
): Promise<void> {
  const id = `${step.region}.${step.name}`;
  if (step.kind === 'set') {
    const body = { configuration: step.configuration, ...why };
    await api.put(`/v1/build-configurations/${id}`, body, configurationView);
  } else if (step.kind === 'size') {
    const { minAvailable, max } = step;
    await api.put(`/v1/fleets/${id}`, { minAvailable, max, buffer: 0, ...why }, fleetView);
  } else {
    const { buildConfiguration } = step;
    const body = { buildConfiguration, atATime: 1, ...why };
    await api.put(`/v1/fleets/${id}/build-configuration`, body, fleetView);
  }
}
