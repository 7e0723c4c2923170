import { machineAnswer, machinesAnswer } from '#http-api';
import { agentNamed, type MachineView } from '#wire';
import { Command, InvalidArgumentError } from 'commander';
import { WrongUsage } from '../exit-codes.js';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { withChanges } from './changes-table.js';
import { count, listed } from './option-values.js';
import { queryOf } from './query.js';
import { table } from './table.js';
import { wanting, type Wanted } from './wanted.js';
import { watchable, watched, type WatchOptions } from './watch.js';

type ChangeOptions = CommonOptions & Wanted;

interface PolicyOptions extends ChangeOptions {
  readonly fleets?: readonly string[];
  readonly addresses?: readonly string[];
  readonly slotsMax?: number;
  readonly priorityMin?: number;
  readonly projects?: readonly string[];
}

export function machinesCommand(print: Print): Command {
  return watchable(new Command('machines'))
    .description('list machines, with their policies and what was refused to them')
    .option('--region <name>', 'of this region only')
    .action(async (options: WatchOptions & { readonly region?: string }) => {
      const path = `/v1/machines?${queryOf({ limit: 1_000, region: options.region })}`;
      const look = () => apiOf(options).get(path, machinesAnswer);
      await watched(options, print, look, (answer) =>
        show(print, options, answer, ({ machines }) =>
          withChanges(machineTable(machines), machines),
        ),
      );
    });
}

export function machineCommand(print: Print): Command {
  return new Command('machine')
    .description('what a machine may say of its slots')
    .addCommand(policyCommand(print))
    .addCommand(removePolicyCommand(print));
}

const POLICY = `
Replaces the policy that the machine has: what is left out is not limited. Slots
beyond it are not registered; those that are registered already are drained, and
their sessions go on. A drain stays until \`berth undrain\`.`;

function policyCommand(print: Print): Command {
  return changing(new Command('policy'))
    .description("set a machine's policy")
    .option('--fleets <names>', 'fleets that its slots may be of', listed)
    .option('--addresses <list>', 'hosts and networks that players may be sent to', listed)
    .option('--slots-max <count>', 'most slots', count)
    .option('--priority-min <number>', 'lowest priority number; lower is taken first', number)
    .option('--projects <names>', 'projects that its slots may serve', listed)
    .addHelpText('after', POLICY)
    .action(async (target: string, options: PolicyOptions) => {
      const { fleets, addresses, slotsMax, priorityMin, projects, reason, by, ...common } = options;
      const body = { fleets, addresses, slotsMax, priorityMin, projects, reason, by };
      const answer = await apiOf(common).put(pathOf(target), body, machineAnswer);
      show(print, common, answer, (machine) => machineTable([machine]));
    });
}

function removePolicyCommand(print: Print): Command {
  return changing(new Command('remove-policy'))
    .description("remove a machine's policy")
    .action(async (target: string, { reason, by, ...common }: ChangeOptions) => {
      const path = `${pathOf(target)}?${queryOf({ reason, by })}`;
      const answer = await apiOf(common).delete(path, machineAnswer);
      show(print, common, answer, (machine) => machineTable([machine]));
    });
}

function machineTable(machines: readonly MachineView[]): string {
  const rows = machines.map(({ id, policy, slots, beyond, refused }) => [
    id,
    ...[slots, policy?.slotsMax ?? '', beyond].map(String),
    policy?.fleets?.join(', ') ?? '',
    policy?.addresses?.join(', ') ?? '',
    String(policy?.priorityMin ?? ''),
    policy?.projects?.join(', ') ?? '',
    refused === null
      ? ''
      : `${refused.slot} at ${new Date(refused.at).toISOString()}: ${refused.reason}`,
  ]);
  const policy = ['fleets', 'addresses', 'priority from', 'projects'];
  return table(['machine', 'slots', 'most', 'beyond', ...policy, 'refused'], rows);
}

function changing(command: Command): Command {
  return wanting(onApi(command).argument('<machine>', 'region.machine'));
}

function pathOf(target: string): string {
  if (agentNamed(target) === undefined) throw new WrongUsage(`"${target}" is not region.machine`);
  return `/v1/machines/${target}/policy`;
}

function number(text: string): number {
  if (!/^-?\d{1,9}$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}
