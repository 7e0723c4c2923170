import { fleetAnswer, fleetsAnswer } from '#http-api';
import { fleetNamed } from '#wire';
import { Command } from 'commander';
import { WrongUsage } from '../exit-codes.js';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { withChanges } from './changes-table.js';
import { fleetTable } from './fleet-table.js';
import { count } from './option-values.js';
import { queryOf } from './query.js';
import { wanting, type Wanted } from './wanted.js';
import { watchable, watched, type WatchOptions } from './watch.js';

type ChangeOptions = CommonOptions & Wanted;

interface SizeOptions extends ChangeOptions {
  readonly min: number;
  readonly max: number;
  readonly buffer: number;
}

export function fleetsCommand(print: Print): Command {
  return watchable(new Command('fleets'))
    .description('list fleets, with their sizes and slots')
    .option('--region <name>', 'of this region only')
    .action(async (options: WatchOptions & { readonly region?: string }) => {
      const path = `/v1/fleets?${queryOf({ limit: 1_000, region: options.region })}`;
      const look = () => apiOf(options).get(path, fleetsAnswer);
      await watched(options, print, look, (answer) =>
        show(print, options, answer, ({ fleets }) => withChanges(fleetTable(fleets), fleets)),
      );
    });
}

export function fleetCommand(print: Print): Command {
  return new Command('fleet')
    .description('how many servers a fleet has in a region, and what they run')
    .addCommand(sizeCommand(print))
    .addCommand(unsizeCommand(print))
    .addCommand(configureCommand(print))
    .addCommand(unconfigureCommand(print));
}

const SIZE = `
The larger of --min and --buffer is how many free slots have a process ready.
The other slots have none, and start one when they are allocated. --max counts
sessions and ready processes together; one more session is refused. Running
sessions are never touched.`;

function sizeCommand(print: Print): Command {
  return changing(new Command('size'))
    .description("set a fleet's size")
    .requiredOption('--max <count>', 'sessions and warm slots at most', count)
    .option('--min <count>', 'warm slots at least', count, 0)
    .option('--buffer <count>', 'warm slots kept ahead of demand', count, 0)
    .addHelpText('after', SIZE)
    .action(async (target: string, { min, max, buffer, reason, by, ...common }: SizeOptions) => {
      const body = { minAvailable: min, max, buffer, reason, by };
      const answer = await apiOf(common).put(pathOf(target), body, fleetAnswer);
      show(print, common, answer, (fleet) => fleetTable([fleet]));
    });
}

function unsizeCommand(print: Print): Command {
  return changing(new Command('unsize'))
    .description(
      "withdraw a fleet's size: each agent then keeps free slots warm or not by its own settings",
    )
    .action(async (target: string, { reason, by, ...common }: ChangeOptions) => {
      const path = `${pathOf(target)}?${queryOf({ reason, by })}`;
      const answer = await apiOf(common).delete(path, fleetAnswer);
      show(print, common, answer, (fleet) => fleetTable([fleet]));
    });
}

interface ConfigureOptions extends ChangeOptions {
  readonly buildConfiguration: string;
  readonly atATime: number;
}

const CONFIGURE = `
Free slots change over, --at-a-time of those with a process at once. Slots with
a session change over after it, and slots whose game asks not to be stopped
change over later. If a game does not start, the rollout stops: set another or
an earlier build configuration.`;

function configureCommand(print: Print): Command {
  return changing(new Command('configure'))
    .description("set what a fleet's free slots run")
    .requiredOption('--build-configuration <name>', 'name of one in the region')
    .option('--at-a-time <count>', 'slots that change over at a time', count, 1)
    .addHelpText('after', CONFIGURE)
    .action(async (target: string, options: ConfigureOptions) => {
      const { buildConfiguration, atATime, reason, by, ...common } = options;
      const body = { buildConfiguration, atATime, reason, by };
      const path = `${pathOf(target)}/build-configuration`;
      const answer = await apiOf(common).put(path, body, fleetAnswer);
      show(print, common, answer, (fleet) => fleetTable([fleet]));
    });
}

function unconfigureCommand(print: Print): Command {
  return changing(new Command('unconfigure'))
    .description('let each agent of a fleet run the build configuration of its own settings')
    .option('--at-a-time <count>', 'slots that change over at a time', count, 1)
    .action(async (target: string, { atATime, reason, by, ...common }: ConfigureOptions) => {
      const body = { buildConfiguration: null, atATime, reason, by };
      const path = `${pathOf(target)}/build-configuration`;
      const answer = await apiOf(common).put(path, body, fleetAnswer);
      show(print, common, answer, (fleet) => fleetTable([fleet]));
    });
}

function changing(command: Command): Command {
  return wanting(onApi(command).argument('<fleet>', 'region.fleet'));
}

function pathOf(target: string): string {
  if (fleetNamed(target) === undefined) throw new WrongUsage(`"${target}" is not region.fleet`);
  return `/v1/fleets/${target}`;
}
