import { directedAgentAnswer, directedSlotAnswer } from '#http-api';
import { agentNamed, slotNamed, type OperatedSlot, type Operation } from '#wire';
import { Command } from 'commander';
import { WrongUsage } from '../exit-codes.js';
import { ApiFailure } from './api.js';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { table } from './table.js';
import { wanting, type Wanted } from './wanted.js';

interface DirectOptions extends CommonOptions, Wanted {
  readonly force?: boolean;
}

export function drainCommand(print: Print): Command {
  return directing(new Command('drain'), 'drain', print, { mayForce: true })
    .description('take a slot, or all slots of an agent, out of service')
    .addHelpText('after', PENDING);
}

export function undrainCommand(print: Print): Command {
  return directing(new Command('undrain'), 'withdraw-drain', print).description(
    'withdraw a drain, done or pending',
  );
}

export function maintenanceCommand(print: Print): Command {
  const begin = directing(new Command('begin'), 'begin-maintenance', print, { mayForce: true })
    .description('stop the game as soon as no session runs, and start none')
    .addHelpText('after', PENDING);
  const end = directing(new Command('end'), 'end-maintenance', print).description(
    'back into service',
  );
  return new Command('maintenance')
    .description('maintenance of a slot, or of all slots of an agent')
    .addCommand(begin)
    .addCommand(end);
}

export function retireCommand(print: Print): Command {
  return directing(new Command('retire'), 'retire', print, { mayForce: true }).description(
    'take a slot out of service for ever; its name is not used again',
  );
}

export function repairCommand(print: Print): Command {
  return directing(new Command('repair'), 'repair', print)
    .description('put aside an event that cannot be read, so that its slot is served again')
    .addHelpText('after', REPAIR);
}

const REPAIR = `
The slot goes on from its last readable event. The history keeps both, with who
repaired it and why. If a newer version of Berth wrote the event, upgrade
instead: its content would be lost. Nothing happens to a slot whose events can
all be read.`;

const PENDING = `
A running session keeps its slot: the operation is recorded as pending, and done
when the session is over. --force ends the session. For an agent, the operation
is for the slots that it has now, not for slots that register later.`;

function directing(
  command: Command,
  direction: Operation,
  print: Print,
  { mayForce = false } = {},
): Command {
  wanting(onApi(command)).argument(
    '<target>',
    'region.agent.slot, or region.agent for all its slots',
  );
  if (mayForce) command.option('--force', 'end running sessions; needs --reason');
  return command.action(async (target: string, options: DirectOptions) => {
    const slots = await direct(target, direction, options);
    show(print, options, slots, asTable);
    const refused = slots.filter(({ outcome }) => outcome === 'refused').length;
    if (refused > 0) throw new ApiFailure(`${refused} of ${slots.length} slots refused`);
  });
}

async function direct(
  target: string,
  direction: Operation,
  { reason, by, force = false, ...common }: DirectOptions,
): Promise<readonly OperatedSlot[]> {
  const body = { direction, reason, by, force };
  const api = apiOf(common);
  if (slotNamed(target) !== undefined) {
    return [await api.post(`/v1/slots/${target}/directions`, body, directedSlotAnswer)];
  }
  if (agentNamed(target) === undefined) {
    throw new WrongUsage(`"${target}" is neither region.agent.slot nor region.agent`);
  }
  return (await api.post(`/v1/agents/${target}/directions`, body, directedAgentAnswer)).slots;
}

function asTable(slots: readonly OperatedSlot[]): string {
  const rows = slots.map(({ slot, outcome, message = '' }) => [slot, outcome, message]);
  return table(['slot', 'outcome', 'why'], rows);
}
